import type { Catalogue } from "./catalogue.ts";

/** German: code → sentence, as in English. */
export const de = {
  // Refusals of the whole API
  something_wrong: "Bei Ihrer Anfrage ist etwas schiefgegangen. Versuchen Sie es gleich noch einmal.",
  signed_out: "Die Anmeldung fehlt oder ist ungültig. Melden Sie sich an.",
  forbidden: "Das dürfen Sie nicht. Melden Sie sich mit einem Konto an, das es darf.",
  not_found: "Das gibt es hier nicht. Prüfen Sie die Adresse.",
  file_not_found: "Diese Datei gibt es nicht. Prüfen Sie die Adresse.",
  too_many: "Das waren zu viele Anfragen. Warten Sie kurz und versuchen Sie es noch einmal.",
  too_large: "Das ist zu groß. Senden Sie weniger.",
  superuser_token_required: "Dafür ist eine gültige Anmeldung nötig. Melden Sie sich an.",
  record_not_allowed: "Dieses Konto darf das nicht. Melden Sie sich mit einem anderen an.",
  superusers_only: "Das dürfen nur Superuser. Melden Sie sich als Superuser an.",
  guests_only: "Das ist nur für Gäste. Melden Sie sich vorher ab.",
  conflict: "Das wurde inzwischen geändert. Laden Sie es neu und wiederholen Sie Ihre Änderung.",
  no_room:
    "Auf dem Datenträger ist kein Platz mehr. Nichts wurde geändert; schaffen Sie Platz und senden Sie es erneut.",
  query_timeout:
    "Die Abfrage dauerte zu lange und wurde beendet. Fragen Sie nach weniger, oder filtern Sie nach einem Feld mit Index.",
  unavailable: "Das kann der Server gerade nicht. Nichts wurde geändert; versuchen Sie es gleich noch einmal.",

  // The store
  store_busy:
    "Ein anderes Programm hat die Daten zu lange belegt. Nichts wurde geändert; versuchen Sie es gleich noch einmal.",
  store_closed: "Der Server wird beendet. Nichts wurde geändert; versuchen Sie es gleich noch einmal.",
  unit_overrun:
    "Das Speichern dauerte zu lange und wurde zurückgenommen. Nichts wurde geändert; versuchen Sie es gleich noch einmal.",
  sync_failed:
    "Ob es gespeichert wurde, weiß der Server nicht. Sehen Sie nach, ob es da ist, bevor Sie es noch einmal senden.",
  disk_failed:
    "Der Server kann nicht auf seinen Datenträger schreiben. Nichts wurde geändert; versuchen Sie es später, oder sagen Sie dem Betreiber Bescheid.",
  client_gone: "Die Anfrage wurde vor der Antwort aufgegeben. Senden Sie sie noch einmal, wenn Sie sie noch brauchen.",
  too_many_scans:
    "Es warten schon zu viele lange Abfragen. Versuchen Sie es gleich noch einmal, oder filtern Sie nach einem Feld mit Index.",
  data_damaged:
    "Die Datenbank lässt sich nicht lesen. Spielen Sie eine Sicherung ein, oder prüfen Sie, ob es der richtige Datenordner ist.",
  data_without_log:
    "Der Datenträger dieses Datenordners kann kein Write-Ahead-Log führen. Wählen Sie einen Ordner auf einem lokalen Datenträger.",
  data_newer:
    "Diesen Datenordner hat ein neueres Formstead geschrieben (Format {format}, dieses hier kennt {known}). Starten Sie die neuere Version.",
  data_unwritable:
    "In den Datenordner {folder} kann nicht geschrieben werden. Geben Sie diesem Benutzer das Recht dazu, oder wählen Sie mit --dir einen anderen.",
  data_in_use:
    "Mit diesem Datenordner arbeitet schon ein anderer Server. Beenden Sie ihn zuerst, oder wählen Sie mit --dir einen anderen Ordner.",
  secret_unusable:
    "Das Geheimnis in {file} ist nicht brauchbar. Geben Sie diesem Benutzer das Recht, es zu lesen; nötig sind {shortest} Zeichen.",

  // What reaches the server
  foreign_origin:
    "Das kam von einer anderen Website, die hier nicht in Ihrem Namen handeln darf. Öffnen Sie die Seite hier und senden Sie es noch einmal.",
  body_too_slow:
    "Die Übertragung dauerte zu lange. Nichts wurde geändert; senden Sie es über eine schnellere Verbindung noch einmal.",
  too_much_at_once:
    "An diesen Server wird gerade zu viel auf einmal gesendet. Nichts wurde geändert; senden Sie es gleich noch einmal.",
  unusable_host: "Die Adresse dieses Servers ist zu kurz oder fehlerhaft. Rufen Sie ihn mit vollem Namen auf.",
  failed_to_validate: "Die gesendeten Daten wurden nicht angenommen. Berichtigen Sie, was beanstandet wird.",

  // Records
  missing_collection_context: "Es fehlt die Angabe der Sammlung. Nennen Sie sie in der Adresse.",
  unsupported_collection_type: "Diese Art von Sammlung kann das nicht. Wählen Sie eine andere Sammlung.",
  failed_to_read_body: "Die gesendeten Daten lassen sich nicht lesen. Prüfen Sie ihr Format und senden Sie sie erneut.",
  failed_to_create_record: "Der Datensatz wurde nicht angelegt. Berichtigen Sie, was beanstandet wird.",
  failed_to_update_record: "Der Datensatz wurde nicht geändert. Berichtigen Sie, was beanstandet wird.",
  failed_to_delete_record:
    "Der Datensatz wurde nicht gelöscht. Achten Sie darauf, dass keine verpflichtende Verknüpfung auf ihn zeigt.",

  // Filters, rules and sorts
  filter_empty: "Der Filter sagt nichts. Schreiben Sie einen Vergleich, zum Beispiel title = 'a'.",
  filter_too_long: "Der Filter ist länger als {max} Zeichen. Schreiben Sie einen kürzeren.",
  filter_too_many: "Der Filter enthält mehr als {max} Vergleiche. Schreiben Sie weniger.",
  filter_too_deep:
    "Der Filter ist beim Zeichen {position} tiefer als {max} Ebenen verschachtelt. Setzen Sie weniger Klammern.",
  filter_too_many_joins: "Der Filter folgt mehr als {max} Verknüpfungen zugleich. Folgen Sie weniger.",
  filter_too_many_steps:
    "Der Filter folgt Verknüpfungen insgesamt mehr als {max} Mal. Vergleichen Sie weniger über Verknüpfungen.",
  filter_too_many_fans:
    "Ein Pfad des Filters führt mehr als {max} Mal von einem Datensatz zu vielen. Nehmen Sie einen kürzeren Pfad.",
  filter_pattern_too_long:
    "Der Text beim Zeichen {position} des Filters ist länger als {max} Byte, zu lang zum Suchen. Suchen Sie nach einem kürzeren.",
  filter_operand_expected:
    "Das Zeichen {position} des Filters ist {found}. Schreiben Sie dort den Namen eines Feldes, einen Text in Anführungszeichen oder eine Zahl.",
  filter_operand_missing:
    "Der Filter endet zu früh. Ergänzen Sie den Namen eines Feldes, einen Text in Anführungszeichen oder eine Zahl.",
  filter_operator_expected:
    "Das Zeichen {position} des Filters ist {found}. Schreiben Sie dort einen Operator, zum Beispiel = oder ~.",
  filter_operator_missing:
    "Der Filter endet zu früh. Ergänzen Sie einen Operator und womit zu vergleichen ist, zum Beispiel = 'a'.",
  filter_join_expected:
    "Das Zeichen {position} des Filters ist {found}. Schreiben Sie dort && oder ||, oder beenden Sie den Filter.",
  filter_bracket_expected:
    "Das Zeichen {position} des Filters ist {found}. Schreiben Sie dort && oder ||, oder eine schließende Klammer.",
  filter_bracket_missing: "Der Filter endet zu früh. Ergänzen Sie eine schließende Klammer.",
  filter_argument_expected:
    "Das Zeichen {position} des Filters ist {found}. Schreiben Sie dort ein Komma oder eine schließende Klammer.",
  filter_argument_missing: "Der Filter endet zu früh. Ergänzen Sie eine schließende Klammer.",
  filter_character_unknown:
    "Das Zeichen {position} des Filters, {found}, bedeutet nichts. Setzen Sie Texte in Anführungszeichen.",
  filter_text_open:
    "Der Text ab Zeichen {position} des Filters hat kein Ende. Ergänzen Sie ein Anführungszeichen: {found}",
  filter_text_nul: "Das Zeichen {position} des Filters ist ein NUL, das kein Text enthalten kann. Lassen Sie es weg.",
  filter_number_malformed:
    "{found} beim Zeichen {position} des Filters ist keine Zahl. Schreiben Sie sie wie 12, -3 oder 4.5.",
  filter_name_malformed:
    "{found} beim Zeichen {position} des Filters ist kein Name. Schreiben Sie ihn wie title oder author.name.",
  filter_name_unknown: "Nach {found} (Zeichen {position}) lässt sich nicht filtern. Nehmen Sie den Namen eines Feldes.",
  filter_relation_expected:
    "{found} beim Zeichen {position} des Filters führt zu keinem anderen Datensatz. Nehmen Sie eine Verknüpfung.",
  filter_relation_closed:
    "Der Verknüpfung zu {found} (Zeichen {position}) dürfen nur Superuser folgen. Filtern Sie ohne sie.",
  filter_modifier_unknown: "{found} passt beim Zeichen {position} des Filters nicht. Lassen Sie es weg.",
  filter_function_unknown:
    "Die Funktion {found} (Zeichen {position}) gibt es nicht. Nehmen Sie geoDistance oder strftime.",
  filter_geo_arguments:
    "{found} beim Zeichen {position} nimmt vier Namen oder Zahlen: geoDistance(lonA, latA, lonB, latB).",
  filter_strftime_arguments:
    "{found} beim Zeichen {position} nimmt ein Format, eine Zeit und höchstens zehn Zusätze: strftime('%Y', created, '+1 days').",
  filter_superusers_only: "Nach {found} dürfen nur Superuser filtern. Filtern Sie ohne es.",
  sort_name_unknown: "Nach {found} (Zeichen {position}) lässt sich nicht sortieren. Nehmen Sie den Namen eines Feldes.",
  sort_too_many: "Sortiert wird nach mehr als {max} Feldern. Nennen Sie weniger.",
  expand_too_many: "Die Anfrage erweitert mehr als {max} Verknüpfungen. Erweitern Sie weniger.",
  answer_too_large:
    "Die Antwort wäre zu groß. Fragen Sie nach weniger Datensätzen auf einmal, oder erweitern Sie weniger Verknüpfungen.",
  expand_too_much:
    "Die Antwort enthielte mehr als {max} erweiterte Datensätze. Fragen Sie nach weniger Datensätzen auf einmal, oder erweitern Sie weniger Verknüpfungen.",
  sort_too_long:
    "Ein Name in der Sortierung ist länger als {max} Zeichen (Zeichen {position}). Nehmen Sie den Namen eines Feldes.",

  // Forms, the setup link, starters
  formspree_empty: "Es wurde nichts ausgefüllt. Schreiben Sie etwas und senden Sie es noch einmal.",
  formspree_no_files: "Dieses Formular nimmt keine Dateien an. Lassen Sie sie weg und senden Sie es noch einmal.",
  formspree_field: "{label}: {message}",
  form_not_found:
    "Dieses Formular gibt es nicht. Prüfen Sie, ob die Adresse vollständig ist, oder fragen Sie den Betreiber der Seite.",
  form_foreign_origin:
    "Von der Seite, von der es gesendet wurde, nimmt dieses Formular keine Antworten an. Fragen Sie den Betreiber jener Seite.",
  form_foreign_page:
    "Die Seite, von der Sie kommen, darf an dieses Formular nichts senden. Noch ist nichts gesendet: Sehen Sie durch, was Sie eingegeben haben, und senden Sie es von hier.",
  form_problem_unasked: "{label}: {problem} Dieses Formular fragt nicht danach; sagen Sie es dem Betreiber der Seite.",
  form_closed:
    "Dieses Formular nimmt zurzeit keine Antworten an. Kommen Sie später wieder, oder fragen Sie den Betreiber der Seite.",
  form_not_yet: "Dieses Formular öffnet am {moment}. Kommen Sie dann wieder, oder fragen Sie den Betreiber der Seite.",
  form_over:
    "Dieses Formular ist seit {moment} geschlossen. Fragen Sie den Betreiber der Seite, ob Sie noch antworten können.",
  form_full:
    "Dieses Formular hat so viele Antworten, wie es annimmt. Fragen Sie den Betreiber der Seite, ob noch ein Platz frei ist.",
  form_enough:
    "Sie haben dieses Formular schon so oft beantwortet, wie es erlaubt. Fragen Sie den Betreiber der Seite, wenn Sie Ihre Antwort ändern möchten.",
  form_shielded:
    "Das sieht aus wie etwas, das Programme senden. Prüfen Sie den Text, lassen Sie Links weg, warten Sie ein paar Sekunden und senden Sie es noch einmal.",
  form_time_zone: "Zeit in {zone}.",
  validation_submission_moves: "Schreiben Sie new, read, spam, deleted oder restored.",
  answer_mentioned:
    "Datensätze der Sammlung {collection} verweisen auf diese Antwort und würden sie verlieren. Nehmen Sie sie dort heraus und legen Sie sie dann beiseite; oder löschen Sie sie endgültig.",
  validation_form_moved:
    "Dieses Formular hat Antworten in seiner Sammlung, die man nicht mehr fände. Legen Sie für die andere Sammlung ein weiteres Formular an.",
  validation_submission_fixed:
    "Das bleibt, wie es war, als die Antwort kam. Lassen Sie es weg und verschieben Sie die Antwort im Posteingang, unter /_/submissions/{id}.",
  validation_submission_state:
    "Ändern Sie das im Posteingang, unter /_/submissions/{id}: Der Datensatz verlässt seine Sammlung oder kommt zurück, zusammen mit der Antwort.",
  validation_form_consent: "Setzen Sie hier ein Häkchen: Ohne das kann Ihre Antwort nicht angenommen werden.",
  validation_form_consent_changed:
    "Der Text wurde geändert, seit Sie diese Seite geöffnet haben. Lesen Sie ihn, und setzen Sie das Häkchen, wenn Sie zustimmen.",
  validation_form_no_room:
    "Für „{name}“ ist kein Platz; das Formular fragt nicht danach. Kürzen Sie es oder lassen Sie es weg, und senden Sie noch einmal.",
  validation_form_file_unasked:
    "Dieses Formular nimmt unter „{name}“ keine Datei an. Lassen Sie die Datei weg, und senden Sie noch einmal.",
  form_refused:
    "Dieses Formular nimmt Ihre Antwort nicht an. Melden Sie sich an, wenn Sie ein Konto haben, oder fragen Sie den Betreiber der Seite.",
  setup_owned:
    "Dieser Server hat schon einen Besitzer, darum gilt sein Einrichtungslink nicht mehr. Melden Sie sich mit dem Konto an, das damals angelegt wurde.",
  setup_link_old:
    "Dieser Einrichtungslink stammt von einem früheren Start des Servers. Öffnen Sie den, der jetzt in seinem Terminal steht.",
  last_superuser: "Der letzte Superuser bleibt. Legen Sie zuerst einen weiteren an.",
  superuser_unknown:
    "Es gibt keinen Superuser mit der Adresse {email}. Prüfen Sie die Schreibweise, oder legen Sie einen an.",
  starter_unreadable: "Das Startpaket lässt sich nicht lesen. Wählen Sie ein anderes.",
  starter_collection_missing:
    "Das Startpaket bringt Datensätze für {name} mit, das es nicht gibt. Wählen Sie ein anderes.",
  starter_failed: "Das Startpaket ließ sich bei {name} nicht anwenden: {problems}. Alles danach wurde nicht angelegt.",
  page_sign_in_failed: "E-Mail oder Passwort ist falsch. Prüfen Sie beides und versuchen Sie es noch einmal.",

  // Sign-in
  missing_auth_collection: "Es fehlt die Angabe der Konten-Sammlung. Nennen Sie sie in der Adresse.",
  failed_to_authenticate: "Die Anmeldung ist fehlgeschlagen. Prüfen Sie Ihre Angaben und versuchen Sie es noch einmal.",
  password_auth_disabled: "Hier kann man sich nicht mit einem Passwort anmelden. Fragen Sie den Betreiber der Website.",
  auth_rule_failed: "Dieses Konto darf sich hier nicht anmelden. Fragen Sie den Betreiber der Website.",
  too_many_tries: "Das waren zu viele Versuche. Warten Sie {minutes} Min. und versuchen Sie es dann noch einmal.",
  register_closed:
    "Zurzeit kann sich hier niemand registrieren. Fragen Sie den Betreiber der Website nach einem Konto.",

  // Collections
  failed_to_create_collection: "Die Sammlung wurde nicht angelegt. Berichtigen Sie, was beanstandet wird.",
  failed_to_update_collection: "Die Sammlung wurde nicht geändert. Berichtigen Sie, was beanstandet wird.",
  failed_to_delete_collection:
    "Die Sammlung wurde nicht gelöscht. Achten Sie darauf, dass keine andere Sammlung auf sie verweist.",
  failed_to_truncate_collection:
    "Die Sammlung wurde nicht geleert. Achten Sie darauf, dass keine verpflichtende Verknüpfung auf ihre Datensätze zeigt.",
  failed_to_import_collections: "Die Sammlungen wurden nicht importiert. Berichtigen Sie, was beanstandet wird.",

  collection_is_system: "Systemsammlungen können nicht gelöscht werden. Wählen Sie eine eigene.",
  collection_is_declared:
    "Die Sammlung {name} ist in {file} beschrieben. Ändern Sie sie dort und starten Sie den Server neu.",
  collection_is_referred_to: "Verknüpfungen von {names} zeigen auf diese Sammlung. Entfernen Sie zuerst jene Felder.",
  collection_is_used_in_rules: "Diese Regeln brauchen die Sammlung: {names}. Ändern Sie sie zuerst.",
  collection_is_used_in_views:
    "Diese Views brauchen es: {names}. Ändern Sie zuerst deren Abfragen, oder löschen Sie sie.",
  validation_nil: "Muss leer bleiben.",
  view_broken: "Der View {name} kann nicht gelesen werden: {reason} Ändern Sie seine Abfrage, oder was er liest.",
  view_too_long: "Die Abfrage ist zu lang. Schreiben Sie höchstens {max} Zeichen.",
  view_unreadable: "Eine Klammer, ein Text oder ein Kommentar endet nicht. Suchen und schließen Sie ihn.",
  view_several: "Es ist mehr als eine Anweisung. Schreiben Sie ein einziges SELECT.",
  view_not_a_select: "Das ist kein SELECT. Schreiben Sie eines, wie SELECT id, title FROM posts.",
  view_wildcard: "Mit * werden alle Spalten verlangt. Nennen Sie jede einzeln, damit klar ist, was der View zeigt.",
  view_no_collection: "Es gibt keine Sammlung {name}, die ein View lesen kann. Suchen Sie nach einem Tippfehler.",
  view_secret: "Die Abfrage liest {field} von {collection}, was niemand lesen darf. Lassen Sie es weg.",
  view_secret_wildcard:
    "Mit * werden alle Spalten von {name} verlangt, auch Passwörter. Nennen Sie die, die gebraucht werden.",
  view_unnamed: "Eine Spalte hat keinen Namen. Geben Sie ihr mit AS einen.",
  view_twice: "Zwei Spalten heißen {name}. Nennen Sie eine davon mit AS anders.",
  view_bad_name: "Ein Feld kann nicht {name} heißen. Nennen Sie diese Spalte mit AS anders.",
  view_no_id: "Es gibt keine Spalte id. Nennen Sie eine, die in jeder Zeile anders ist.",
  view_ids: "Zwei Zeilen haben dieselbe id, oder eine hat keine. Wählen Sie eine id, die in jeder Zeile anders ist.",
  view_misread: "Es ist nicht klar, wie die Spalte {name} heißt. Geben Sie jeder Spalte mit AS einen Namen.",
  view_large:
    "Ihre ersten Datensätze sind zu groß, um sie zu zeigen. Wählen Sie weniger Spalten aus, oder kürzen Sie sie mit substr().",
  view_slow:
    "Die Abfrage dauert zu lange. Lassen Sie sie weniger Zeilen ansehen, oder geben Sie den Sammlungen die nötigen Indizes.",
  view_refused: "Die Datenbank nimmt es nicht an: {reason}. Berichtigen Sie die Abfrage.",
  view_dry_run_failed: "Die Abfrage ließ sich nicht ausführen. Berichtigen Sie sie: {reason}",
  flows_not_yet:
    "Die Sammlung {name} verlangt {flows}, was diese Version nicht kann: angemeldet wird allein mit dem Passwort.",
  validation_unwanted_file: "Es kam eine Datei, wo keine erwartet wird. Senden Sie es ohne diese Datei.",
  validation_index_not_unique:
    "Einige Datensätze haben gleiche Werte. Ändern Sie sie zuerst, oder lassen Sie UNIQUE weg.",
  validation_form_collection:
    "Diese Sammlung gibt es für Formulare nicht. Schreiben Sie Namen oder ID einer eigenen Sammlung vom Typ base.",
  validation_form_fields:
    "Schreiben Sie eine Liste von Feldnamen, jeden allein oder als Objekt mit name, label und help.",
  validation_form_field_missing:
    "Es gibt kein Feld {name}, das Besucher ausfüllen könnten. Lassen Sie es weg, oder legen Sie es erst an.",
  validation_form_field_twice: "Das Feld {name} steht zweimal da. Lassen Sie eines weg.",
  validation_form_origins:
    "Beginnen Sie jede Website mit https:// oder http://, wie https://example.com oder http://localhost:3000.",

  // The steps of a schema change
  validation_form_addresses: "Schreiben Sie ganze E-Mail-Adressen, wie ich@example.com: eine je Zeile oder als Liste.",
  validation_form_shield:
    "Schreiben Sie ein Objekt mit hold, refuse, seconds, weights, words und welcome, oder lassen Sie es leer für das Übliche.",
  validation_form_time_zone:
    "Schreiben Sie den Namen einer Zeitzone, wie Europe/Berlin, oder lassen Sie es leer für UTC.",
  validation_form_closes: "Wählen Sie einen Zeitpunkt nach dem, an dem das Formular öffnet.",
  schema_create_view: "Den View {name} anlegen.",
  schema_change_view: "Ändern, was der View {name} abfragt.",
  schema_drop_view: "Den View {name} löschen. Nichts von dem, was er zeigt, geht verloren.",
  schema_create_collection: "Die Sammlung {name} anlegen.",
  schema_drop_collection: "Die Sammlung {name} mit allen Datensätzen löschen.",
  schema_rename_collection: "Die Sammlung {from} in {to} umbenennen.",
  schema_add_field: "Das Feld {field} zu {collection} hinzufügen.",
  schema_drop_field: "Das Feld {field} von {collection} mit allem darin löschen.",
  schema_rename_field: "Das Feld {from} von {collection} in {to} umbenennen.",
  schema_field_to_list: "Das Feld {field} von {collection} mehrere Werte aufnehmen lassen.",
  schema_field_to_scalar:
    "Das Feld {field} von {collection} nur einen Wert aufnehmen lassen: Von mehreren bleibt der letzte.",
  schema_create_index: "Den Index {name} anlegen.",
  schema_drop_index: "Den Index {name} löschen.",
  schema_change_field: "{option} des Feldes {field} von {collection} von {from} in {to} ändern.",
  schema_change_rule: "Die Regel {rule} von {collection} von {from} in {to} ändern.",
  schema_change_option: "{option} von {collection} von {from} in {to} ändern.",
  schema_order_fields: "Die Felder von {collection} anders ordnen.",
  schema_blanks:
    "Datensätze von {collection}, in denen {field} leer ist: {count}. Sie bleiben, und beim nächsten Ändern wird danach gefragt.",

  // What can be wrong with a schema file
  schema_failed:
    "Das Schema in {file} ist nicht brauchbar, und nichts wurde geändert. Berichtigen Sie dies und starten Sie neu:{problems}",
  schema_loses:
    "Dabei gehen Daten verloren, darum wurde nichts getan. Ergänzen Sie --accept-loss, wenn das so gemeint ist, oder ändern Sie {file}.",
  schema_missing: "Es gibt keine Schemadatei {file}. Prüfen Sie die Schreibweise bei --schema, oder lassen Sie es weg.",
  schema_unreadable:
    "Die Schemadatei {place} lässt sich nicht lesen: {reason}. Berichtigen Sie die Zeile und starten Sie neu.",
  schema_not_exported:
    "Die Schemadatei {file} exportiert kein Schema. Schreiben Sie: export default collections({ … }).",
  schema_not_a_collection:
    "Das ist keine Sammlung. Schreiben Sie ihre Felder in geschweifte Klammern, oder collection(…) oder auth(…).",
  schema_not_a_field: "Das ist kein Feld. Schreiben Sie dort text(), number() oder einen anderen Typ.",
  schema_system_collection:
    "Sammlungen, deren Name mit _ beginnt, legt Formstead selbst an. Wählen Sie einen anderen Namen.",
  schema_relation_unknown:
    "Es gibt keine Sammlung {name}, auf die gezeigt werden könnte. Beschreiben Sie sie auch, oder prüfen Sie die Schreibweise.",
  schema_option_unknown: "Die Option {option} gibt es hier nicht. Es gibt: {known}.",
  schema_option_meant: "Die Option {option} gibt es hier nicht. Meinten Sie {meant}?",
  schema_misfits: "Nicht passende Datensätze: {count}, der erste ist {id}: {reason} Ändern Sie sie zuerst.",
  schema_step_failed: "Die Datenbank nimmt das nicht an: {reason}. Ändern Sie das Schema, oder was ihm im Weg steht.",

  // What can be wrong with a value
  validation_required: "Bitte füllen Sie das aus.",
  validation_invalid_value: "Dieser Wert ist ungültig. Geben Sie einen anderen ein.",
  validation_not_unique: "Diesen Wert gibt es schon. Geben Sie einen anderen ein.",
  validation_invalid_format: "Dieses Format passt nicht. Prüfen Sie Ihre Eingabe.",
  validation_min_text_constraint: "Geben Sie mindestens {min} Zeichen ein.",
  validation_max_text_constraint: "Geben Sie höchstens {max} Zeichen ein.",
  validation_min_number_constraint: "Geben Sie mindestens {min} ein.",
  validation_max_number_constraint: "Geben Sie höchstens {max} ein.",
  validation_only_int_constraint: "Geben Sie eine ganze Zahl ein.",
  validation_not_a_number: "Das ist keine Zahl. Schreiben Sie sie wie 12 oder 4.5.",
  validation_is_email: "Geben Sie eine gültige E-Mail-Adresse ein.",
  validation_email_domain_not_allowed: "Adressen dieser Domain sind nicht erlaubt. Geben Sie eine andere ein.",
  validation_invalid_url: "Geben Sie eine gültige Webadresse ein.",
  validation_is_url: "Geben Sie eine gültige Webadresse ein.",
  validation_url_domain_not_allowed: "Webadressen dieser Domain sind nicht erlaubt. Geben Sie eine andere ein.",
  validation_min_greater_equal_than_required: "Geben Sie mindestens {threshold} ein.",
  validation_max_less_equal_than_required: "Geben Sie höchstens {threshold} ein.",
  validation_in_invalid: "Wählen Sie einen Wert aus der Liste.",
  validation_not_in_invalid: "Dieser Wert ist nicht erlaubt. Geben Sie einen anderen ein.",
  validation_match_invalid: "Dieses Format passt nicht. Prüfen Sie Ihre Eingabe.",
  validation_length_out_of_range: "Die Länge muss zwischen {min} und {max} liegen.",
  validation_length_too_long: "Die Länge darf höchstens {max} sein.",
  validation_length_too_short: "Die Länge muss mindestens {min} sein.",
  validation_length_invalid: "Die Länge muss genau {min} sein.",
  validation_too_many_values: "Wählen Sie höchstens {maxSelect}.",
  validation_not_enough_values: "Wählen Sie mindestens {minSelect}.",
  validation_missing_rel_records: "Nicht alle verknüpften Datensätze wurden gefunden. Wählen Sie sie neu aus.",
  validation_missing_rel_collection: "Die verknüpfte Sammlung fehlt oder ist nicht zugänglich. Wählen Sie eine andere.",
  validation_invalid_json: "Das ist kein gültiges JSON. Prüfen Sie Klammern, Kommas und Anführungszeichen.",
  validation_json_size_limit: "Das JSON darf höchstens {maxSize} Byte groß sein. Kürzen Sie es.",
  validation_content_size_limit: "Der Inhalt darf höchstens {maxSize} Byte groß sein. Kürzen Sie ihn.",
  validation_file_size_limit:
    "{file} ist zu groß: Erlaubt sind höchstens {maxSize} Byte. Wählen Sie eine kleinere Datei.",
  validation_invalid_mime_type: "{file} hat die falsche Art. Erlaubt sind: {mimeTypes}.",
  validation_too_many_files: "Wählen Sie höchstens so viele Dateien: {maxSelect}.",
  validation_invalid_file: "Diese Dateien sind ungültig: {invalidFiles}. Wählen Sie andere.",
  validation_invalid_latitude: "Der Breitengrad muss zwischen -90 und 90 Grad liegen.",
  validation_invalid_longitude: "Der Längengrad muss zwischen -180 und 180 Grad liegen.",
  validation_values_mismatch: "Die Eingaben stimmen nicht überein. Geben Sie beide Male dasselbe ein.",
  validation_invalid_old_password: "Das bisherige Passwort fehlt oder ist falsch. Geben Sie es noch einmal ein.",
  validation_invalid_password: "Das Passwort fehlt oder ist falsch. Geben Sie es noch einmal ein.",
  validation_pk_change: "Die ID eines Datensatzes lässt sich nicht ändern. Lassen Sie sie, wie sie ist.",
  validation_pk_invalid: "Die ID ist ungültig oder schon vergeben. Nehmen Sie eine andere.",
  validation_forbidden_pk_character: "„{character}“ darf in einer ID nicht stehen. Lassen Sie es weg.",
  validation_reserved_pk: "Die ID „{reserved}“ ist reserviert. Nehmen Sie eine andere.",
  validation_invalid_auth_id: "Die ID des Kontos ist ungültig oder schon vergeben. Nehmen Sie eine andere.",
  validation_invalid_or_existing_id: "Die ID ist ungültig oder schon vergeben. Nehmen Sie eine andere.",
  validation_empty: "Lassen Sie das leer.",
  validation_is_domain: "Geben Sie eine gültige Domain ein.",
  validation_missing_field: "Das Feld {fieldName} fehlt oder ist ungültig. Prüfen Sie den Namen.",
  validation_unsupported_value_type: "Werte dieser Art sind hier nicht möglich. Geben Sie einen anderen ein.",

  // One-time links and tokens
  validation_invalid_token: "Das Token ist ungültig oder abgelaufen. Fordern Sie ein neues an.",
  validation_invalid_token_payload: "Der Inhalt des Tokens ist ungültig. Fordern Sie ein neues an.",
  validation_invalid_token_claims: "Die Angaben des Tokens sind ungültig. Fordern Sie ein neues an.",
  validation_invalid_token_email: "Die E-Mail-Adresse des Tokens ist ungültig. Fordern Sie ein neues an.",
  validation_token_collection_mismatch: "Das Token gehört zu einer anderen Konten-Sammlung. Fordern Sie hier eines an.",
  validation_token_email_mismatch:
    "Die E-Mail-Adresse des Datensatzes passt nicht zum Token. Fordern Sie ein neues an.",
  validation_invalid_new_email: "Die neue E-Mail-Adresse ist ungültig. Geben Sie eine andere ein.",
  validation_missing_provider: "Den Anbieter {name} gibt es nicht. Wählen Sie einen anderen.",
  validation_invalid_provider: "Der Anbieter {name} fehlt oder ist ungültig. Wählen Sie einen anderen.",
  validation_duplicated_provider: "Der Anbieter {name} ist schon eingetragen. Lassen Sie einen weg.",

  // What can be wrong with a collection
  validation_collection_name_exists:
    "Diesen Namen hat schon eine Sammlung (Groß- und Kleinschreibung zählt nicht). Wählen Sie einen anderen.",
  validation_collection_name_invalid:
    "Dieser Name einer Sammlung ist ungültig. Nehmen Sie Buchstaben, Ziffern und Unterstriche.",
  validation_collection_name_id_duplicate: "So lautet schon die ID einer Sammlung. Wählen Sie einen anderen Namen.",
  validation_collection_type_change: "Der Typ einer Sammlung lässt sich nicht ändern. Lassen Sie ihn, wie er ist.",
  validation_collection_system_name_change:
    "Der Name einer Systemsammlung lässt sich nicht ändern. Lassen Sie ihn, wie er ist.",
  validation_collection_system_flag_change:
    "Ob eine Sammlung zum System gehört, lässt sich nicht ändern. Lassen Sie es, wie es ist.",
  validation_collection_system_rule_change:
    "Diese Regel einer Systemsammlung lässt sich nicht ändern. Lassen Sie sie, wie sie ist.",
  validation_invalid_rule: "Diese Regel ist ungültig. {reason}",
  validation_invalid_view_query: "Diese Abfrage ist ungültig. {reason}",
  validation_field_type_change: "Der Typ eines Feldes lässt sich nicht ändern. Legen Sie ein neues Feld an.",
  validation_field_relation_change:
    "Die Sammlung einer Verknüpfung lässt sich nicht ändern. Legen Sie ein neues Feld an.",
  validation_field_relation_missing_collection: "Die verknüpfte Sammlung gibt es nicht. Wählen Sie eine andere.",
  validation_duplicated_field_name: "Der Feldname {fieldName} ist doppelt oder ungültig. Wählen Sie einen anderen.",
  validation_duplicated_field_id: "Die Feld-ID {fieldId} ist doppelt oder ungültig. Wählen Sie eine andere.",
  validation_reserved_field_name: "Dieser Feldname ist reserviert. Wählen Sie einen anderen.",
  validation_found_via: "Dieser Wert darf `_via_` nicht enthalten. Wählen Sie einen anderen.",
  validation_system_field_change: "Systemfelder lassen sich weder löschen noch ändern. Lassen Sie sie, wie sie sind.",
  validation_invalid_index_expression: "Dieser CREATE-INDEX-Ausdruck ist ungültig. Berichtigen Sie ihn.",
  validation_invalid_index_table: "Die Tabelle des Index muss heißen wie die Sammlung. Ändern Sie ihren Namen.",
  validation_existing_index_name:
    "Diesen Indexnamen gibt es schon in der Sammlung {collection}. Wählen Sie einen anderen.",
  validation_duplicated_index_name: "Diesen Indexnamen gibt es schon. Wählen Sie einen anderen.",
  validation_duplicated_index_definition: "Diesen Index gibt es schon. Lassen Sie einen weg.",
  validation_missing_required_unique_index: "Für das Feld {fieldName} fehlt ein UNIQUE-Index. Legen Sie ihn an.",
  validation_invalid_unique_system_field_index:
    "Der UNIQUE-Index für das Systemfeld {fieldName} ist ungültig. Berichtigen Sie ihn.",
  validation_indexes_not_supported: "View-Sammlungen haben keine Indizes. Lassen Sie sie weg.",
  validation_missing_primary_key: "Das Primärschlüssel-Feld fehlt oder ist ungültig. Ergänzen Sie es.",
  validation_unsupported_composite_pk:
    "Zusammengesetzte Primärschlüssel gibt es nicht. Lassen Sie genau einen Primärschlüssel stehen.",
  validation_mfa_not_enough_auths:
    "Für MFA müssen mindestens 2 Arten der Anmeldung eingeschaltet sein. Schalten Sie eine weitere ein.",
  validation_missing_unique_constraint: "Dem Feld fehlt UNIQUE. Legen Sie einen UNIQUE-Index an.",
  validation_relation_field_non_view_base_collection:
    "Nur View-Sammlungen dürfen auf andere Views verweisen. Wählen Sie eine andere Sammlung.",
  validation_invalid_regex:
    "Das ist kein gültiger regulärer Ausdruck. Schreiben Sie ihn nach RE2, also ohne Look-arounds und Rückverweise.",
  validation_invalid_autogenerate_pattern:
    "Verwenden Sie nur Zeichen, Zeichenklassen, Gruppen, Alternativen und Wiederholungen.",
  validation_invalid_autogenerate_pattern_value:
    "Das Muster könnte ungültige Werte erzeugen, zum Beispiel {value}. Ändern Sie es oder die Grenzen des Feldes.",

  // Beside the parts of a control
  field_latitude: "Breitengrad",
  field_longitude: "Längengrad",
  field_yes: "Ja",
  field_no: "Nein",

  // Webhooks, and whatever else is sent to addresses that others choose
  outgoing_address:
    "An diese Webadresse kann nicht gesendet werden. Schreiben Sie eine, die mit https:// beginnt und kein Passwort enthält.",
  outgoing_private:
    "{host} ist keine öffentliche Adresse, darum wird dorthin nichts gesendet. Schreiben Sie eine öffentliche, oder starten Sie den Server mit --allowPrivateAddresses.",
  outgoing_unresolved: "Zu {host} ist keine Adresse bekannt. Prüfen Sie, ob der Name stimmt.",
  outgoing_unreachable:
    "{host} war nicht zu erreichen ({reason}). Prüfen Sie, ob der Server läuft und richtig geschrieben ist.",
  outgoing_slow:
    "Innerhalb von {seconds} Sekunden kam keine Antwort. Lassen Sie den Empfänger erst antworten und danach arbeiten.",
  webhook_taken: "{status} nach {milliseconds} ms.",
  webhook_refused: "{status} nach {milliseconds} ms. Sehen Sie im Protokoll des Empfängers nach, was er dagegen hat.",
  webhook_redirected:
    "{status} nach {milliseconds} ms: Das führt anderswohin, dem wird nicht gefolgt. Schreiben Sie die Adresse, zu der es führt.",
  webhook_unwanted:
    "{status} nach {milliseconds} ms: Der Empfänger will nichts mehr davon. Entfernen Sie den Webhook, oder ändern Sie seine Adresse.",
  job_aside:
    "Die Antwort liegt im Spam oder ist gelöscht. Das wird gesendet, sobald die Antwort zurückkommt; Sie müssen nichts tun.",
  webhook_gone: "Es gibt nichts mehr zu senden: Der Webhook oder die Antwort wurde entfernt. Sie müssen nichts tun.",
  webhook_topic: "Diese Adresse nennt kein Thema. Schreiben Sie sie wie https://ntfy.sh/ihr-thema.",
  webhook_heading: "Neue Antwort: {title}",
  webhook_try: "Ein Versuch: {title}",
  webhook_try_value: "Das ist ein Versuch. In echten Antworten steht hier, was jemand geschrieben hat.",
  webhook_try_line: "Ein Versuch.",

  // The page about a form's webhook
  page_webhook_title: "Webhook von {title}",
  page_webhook_page: "Webhook",
  page_webhook_address: "Antworten gehen an",
  page_webhook_secret: "Unterschrieben mit",
  page_webhook_change: "Ändern",
  page_webhook_set_up: "Webhook einrichten",
  page_webhook_try_submit: "Einen Versuch senden",
  page_webhook_sent: "Es wird gesendet. Diese Seite sieht von selbst wieder nach und sagt unten, was daraus wurde.",
  page_webhook_empty: "Noch wurde nichts gesendet.",
  page_webhook_older: "Ältere",
  page_webhook_caption: "Was gesendet wurde, das Neueste zuerst",
  page_webhook_created: "Gesendet",
  page_webhook_about: "Worum es geht",
  page_webhook_about_try: "Ein Versuch",
  page_webhook_about_answer: "Eine Antwort",
  page_webhook_state: "Stand",
  page_webhook_waiting: "Wartet",
  page_webhook_waits: "Versuche bisher: {tries}, der nächste am {moment}",
  page_webhook_done: "Angenommen",
  page_webhook_failed: "Fehlgeschlagen",
  page_webhook_outcome: "Was daraus wurde",
  page_webhook_again: "Noch einmal",
  page_webhook_again_submit: "Noch einmal senden",

  // The page of settings
  page_settings_save: "Speichern",
  page_settings_saved: "Ihre Einstellungen sind gespeichert. Sie gelten ab jetzt.",
  page_settings_secret_kept: "Es ist eines gespeichert. Lassen Sie das leer, um es zu behalten.",
  page_settings_part_app: "Ihre Website",
  page_settings_app_name: "Name",
  page_settings_app_name_help: "Er steht in den Mails, die gesendet werden.",
  page_settings_app_url: "Adresse dieses Servers",
  page_settings_app_url_help:
    "So, wie man sie aufruft, etwa https://ich.example. Links in Mails und Webhooks beginnen damit.",
  page_settings_part_sender: "Absender der Mails",
  page_settings_sender_name: "Name",
  page_settings_sender_address: "Adresse",
  page_settings_sender_address_help:
    "Von ihr kommen alle Mails. Wer auf eine Antwort antwortet, schreibt an die Person, von der sie stammt.",
  page_settings_part_server: "Mailserver",
  page_settings_part_server_lead:
    "Was hierher gehört, sagt Ihnen Ihr Mailanbieter. Ohne Mailserver bleiben die Mails im Postfach.",
  page_settings_smtp_enabled: "Mails über diesen Server senden",
  page_settings_smtp_host: "Server",
  page_settings_smtp_host_help: "Etwa smtp.example.com.",
  page_settings_smtp_port: "Port",
  page_settings_smtp_port_help: "Meist 587, oder 465 mit Verschlüsselung von Anfang an.",
  page_settings_smtp_tls: "Von Anfang an verschlüsselt",
  page_settings_smtp_tls_help:
    "Für Port 465. Sonst beginnt die Verschlüsselung nach der Begrüßung, wenn der Server das kann.",
  page_settings_smtp_username: "Benutzer",
  page_settings_smtp_username_help: "Bleibt das leer, meldet sich niemand an.",
  page_settings_smtp_password: "Passwort",
  page_settings_smtp_method: "Art der Anmeldung",
  page_settings_try: "Zur Probe eine Mail senden",
  page_settings_try_lead:
    "Sie wird sofort gesendet, mit dem, was gespeichert ist, und Sie erfahren, was der Server sagt.",
  page_settings_try_submit: "Eine Mail an {email} senden",
  page_settings_try_subject: "Eine Mail von {name}",
  page_settings_try_text: "Diese Mail zeigt, dass {name} unter {address} Mails senden kann.",
  page_settings_try_sent:
    "Der Server hat die Mail angenommen. Sehen Sie nach, ob sie bei {email} ankommt, und nicht unter Spam.",
  page_settings_try_kept:
    "Es ist kein Mailserver eingeschaltet, darum wurde die Mail behalten. Lesen Sie sie im Postfach.",
  page_settings_try_failed: "Die Mail wurde nicht gesendet. Berichtigen Sie, was der Server beanstandet: {reason}",
  page_settings_domain: "Ist Ihre Domain bereit?",
  page_settings_domain_lead: "Empfänger sehen nach, was die Domain des Absenders über sich sagt: SPF, DKIM und DMARC.",
  page_settings_domain_check: "Domain des Absenders prüfen",
  page_settings_domain_good: "vorhanden",
  page_settings_domain_weak: "könnte besser sein",
  page_settings_domain_missing: "fehlt",
  page_settings_domain_unsure: "unbekannt",

  // Settings, backups, the rest
  too_fast: "Das wurde zu oft verlangt. Warten Sie {seconds} s und versuchen Sie es dann noch einmal.",
  validation_superuser_ips:
    "Ihre eigene Adresse {address} ist nicht dabei. Nehmen Sie sie auf, sonst kämen Sie nicht mehr herein.",
  superuser_address:
    "Von dieser Adresse dürfen Superuser nicht kommen. Kommen Sie von einer, die in den Einstellungen steht.",
  failed_to_save_settings: "Die Einstellungen wurden nicht gespeichert. Berichtigen Sie, was beanstandet wird.",
  validation_conflicting_rate_limit_rule: "Eine Grenze für {label} gibt es schon. Lassen Sie eine weg.",
  validation_invlaid_ip_or_subnet: "Geben Sie eine gültige IP-Adresse oder ein gültiges Teilnetz ein.",
  validation_is_host: "Geben Sie eine gültige IP-Adresse oder einen DNS-Namen ein.",
  validation_unbuilt: "An diese Einstellung hält sich in dieser Version nichts. Lassen Sie sie, wie sie war.",
  validation_invalid_cron: "Dieser Cron-Ausdruck ist ungültig. Berichtigen Sie ihn.",
  validation_backup_name_exists:
    "Der Name der Sicherungsdatei ist ungültig oder schon vergeben. Wählen Sie einen anderen.",
  validation_collections_import_failure: "Die Sammlungen wurden nicht importiert. {reason}",
  batch_request_failed: "Eine Anfrage des Stapels ist fehlgeschlagen. Berichtigen Sie sie und senden Sie alle erneut.",

  // Pages
  page_send_lost:
    "Der Server war nicht zu erreichen. Alles, was Sie geschrieben haben, steht noch hier: Prüfen Sie Ihre Verbindung und senden Sie es noch einmal.",
  page_send_broken:
    "Der Server hat nicht geantwortet, wie er sollte. Alles, was Sie geschrieben haben, steht noch hier: Warten Sie eine Minute und senden Sie es noch einmal.",
  page_send_progress: "Wird gesendet",
  page_skip: "Zum Inhalt springen",
  page_made_with: "Gemacht mit Formstead",
  page_nav: "Hauptmenü",
  page_required_mark: "Felder mit * müssen ausgefüllt werden.",
  page_problem_title: "Problem: {title}",
  page_problems: "Bitte sehen Sie sich das noch einmal an.",
  page_leave_empty: "Lassen Sie das leer, es soll Roboter fangen.",
  page_send: "Senden",
  page_thanks_title: "Vielen Dank",
  page_thanks_text: "Ihre Nachricht ist angekommen. Sie müssen nichts weiter tun.",
  page_thanks_stamp: "Eingegangen",
  page_thanks_again: "Noch eine senden",
  page_back: "Zurück zur Seite, von der Sie kamen",
  page_home: "Zur Startseite",
  page_refused_400_title: "Das war nicht zu verstehen",
  page_refused_400_next:
    "An dieser Anfrage stimmt etwas nicht. Gehen Sie zurück, laden Sie die Seite neu und versuchen Sie es noch einmal.",
  page_refused_401_title: "Bitte melden Sie sich zuerst an",
  page_refused_401_next: "Diese Seite ist für Angemeldete. Melden Sie sich an und öffnen Sie sie noch einmal.",
  page_refused_403_title: "Das dürfen Sie nicht",
  page_refused_403_next:
    "Öffnen Sie die Seite auf dieser Website und senden Sie es von dort. Wenn Sie das getan haben, melden Sie sich mit einem Konto an, das es darf.",
  page_refused_404_title: "Hier ist nichts",
  page_refused_404_next:
    "Vielleicht ist die Seite umgezogen oder die Adresse falsch geschrieben. Prüfen Sie die Adresse, oder beginnen Sie auf der Startseite.",
  page_refused_409_title: "Jemand war schneller",
  page_refused_409_next:
    "Das wurde geändert, während Sie daran gearbeitet haben. Gehen Sie zurück, laden Sie die Seite neu und sehen Sie es sich noch einmal an.",
  page_refused_413_title: "Das ist zu groß",
  page_refused_413_next:
    "Gehen Sie zurück, wählen Sie kleinere Dateien oder kürzen Sie den Text, und senden Sie es noch einmal.",
  page_refused_429_title: "Das war etwas zu schnell",
  page_refused_429_next: "Bitte warten Sie eine Minute, gehen Sie zurück und senden Sie es noch einmal.",
  page_refused_500_title: "Bei uns ist etwas schiefgegangen",
  page_refused_500_next:
    "Es liegt nicht an Ihnen. Bitte versuchen Sie es in einer Minute noch einmal. Geschieht es wieder, nennen Sie dem Betreiber dieser Website die Kennung unten.",
  page_refused_500_id: "Kennung der Anfrage:",
  page_refused_503_title: "Im Moment nicht bereit",
  page_refused_503_next:
    "Der Server ist beschäftigt. Bitte warten Sie eine Minute, gehen Sie zurück und versuchen Sie es noch einmal.",
  page_refused_507_title: "Es ist kein Platz mehr",
  page_refused_507_next:
    "Der Datenträger des Servers ist voll, darum wurde nichts gespeichert. Bitte sagen Sie dem Betreiber dieser Website Bescheid, und senden Sie es später noch einmal.",
  page_welcome_title: "Es läuft.",
  page_welcome_lead: "Das ist die Startseite eines neuen Formstead. Sie wartet auf eine Website.",
  page_welcome_site_title: "Hier kommt Ihre Website hin",
  page_welcome_site:
    "Speichern Sie eine Seite als index.html im Ordner public dieses Servers. Sie erscheint hier sofort, ohne Neustart.",
  page_welcome_form_title: "Nachrichten empfangen",
  page_welcome_form: "Ein Formular wie dieses geht auf jeder Seite, ohne eine Zeile JavaScript:",
  page_welcome_form_make:
    "Legen Sie zuerst im Dashboard ein Formular dieses Namens an: Ohne eines kommt nirgends an, was gesendet wird.",
  page_welcome_dashboard: "Dashboard öffnen",
  page_overview: "Übersicht",
  page_forms: "Formulare",
  page_collections: "Sammlungen",
  page_mailbox: "Postfach",
  page_people: "Personen",
  page_settings: "Einstellungen",
  page_sign_out: "Abmelden",
  page_signed_in_as: "Angemeldet als {email}",
  page_setup_title: "Willkommen bei Ihrem Formstead",
  page_setup_lead: "Legen Sie den ersten Superuser an: Er darf alles sehen und ändern.",
  page_setup_submit: "Anlegen und anmelden",
  page_sign_in_title: "Anmelden",
  page_sign_in_lead: "Das Dashboard ist für Superuser.",
  page_sign_in_unowned:
    "Dieser Server gehört noch niemandem. Öffnen Sie den Einrichtungslink, der in seinem Terminal steht.",
  page_email: "E-Mail",
  page_password: "Passwort",
  page_password_help:
    "Mindestens 8 Zeichen. Ein paar Wörter hintereinander sind leicht zu merken und schwer zu erraten.",
  page_password_again: "Passwort noch einmal",
  page_account_register: "Registrieren",
  page_account_profile: "Profil",
  page_account_advice:
    "Mindestens {min} Zeichen. Ein paar Wörter hintereinander sind leicht zu merken und schwer zu erraten.",
  page_account_mismatch: "Die beiden Passwörter sind verschieden. Schreiben Sie in beide Felder dasselbe.",
  page_account_taken: "Damit gibt es schon ein Konto. Melden Sie sich an, oder wählen Sie etwas anderes.",
  page_login_lead: "Willkommen zurück.",
  page_login_or: "{one} oder {other}",
  page_login_failed: "Zu Ihren Angaben passt kein Konto. Prüfen Sie beide Zeilen und versuchen Sie es noch einmal.",
  page_login_off: "Zurzeit kann sich hier niemand mit einem Passwort anmelden. Fragen Sie den Betreiber der Website.",
  page_login_not_admitted:
    "Das Passwort stimmt, aber dieses Konto darf sich noch nicht anmelden. Fragen Sie den Betreiber der Website.",
  page_login_made:
    "Ihr Konto ist angelegt, darf sich aber noch nicht anmelden. Fragen Sie den Betreiber der Website, wann es so weit ist.",
  page_login_new: "Neu hier? Registrieren",
  page_register_title: "Registrieren",
  page_register_lead: "Legen Sie ein eigenes Konto an.",
  page_register_submit: "Registrieren",
  page_register_known: "Ich habe ein Konto",
  page_register_refused:
    "Mit diesen Angaben gibt es hier kein Konto. Ändern Sie sie, oder fragen Sie den Betreiber der Website.",
  page_profile_title: "Ihr Profil",
  page_profile_details: "Über Sie",
  page_profile_save: "Speichern",
  page_profile_email: "E-Mail",
  page_profile_email_help:
    "Ihre E-Mail-Adresse ist {email}. Um sie zu ändern, zeigen Sie mit Ihrem Passwort, dass Sie es sind.",
  page_profile_email_submit: "E-Mail ändern",
  page_profile_password: "Passwort",
  page_profile_password_help: "Ein neues Passwort meldet Sie überall sonst ab.",
  page_profile_password_old: "Bisheriges Passwort",
  page_profile_password_new: "Neues Passwort",
  page_profile_password_submit: "Passwort ändern",
  page_profile_saved: "Gespeichert.",
  page_profile_saved_email: "Ihre E-Mail-Adresse ist geändert. Überall sonst sind Sie abgemeldet.",
  page_profile_saved_password: "Ihr Passwort ist geändert. Überall sonst sind Sie abgemeldet.",
  page_profile_wrong_password: "Das ist nicht Ihr bisheriges Passwort. Schreiben Sie es noch einmal.",
  page_profile_signed_out: "Sie sind abgemeldet, darum wurde nichts geändert.",
  page_profile_fixed: "Das kann nur der Betreiber der Website ändern. Fragen Sie dort, wenn etwas nicht stimmt.",
  page_profile_refused: "Das dürfen Sie nicht ändern. Fragen Sie den Betreiber der Website.",
  page_collections_empty: "Es gibt noch keine Sammlungen. Legen Sie die erste über die API an: POST /api/collections.",
  page_collections_own: "Ihre Sammlungen",
  page_collections_system: "Eingebaut",
  page_collections_declared: "Beschrieben in",
  page_collection_declared: "Diese Sammlung ist in {file} beschrieben. Dort werden ihre Felder und Regeln geändert.",
  page_collection: "Sammlung",
  page_type: "Typ",
  page_type_base: "Base",
  page_type_auth: "Auth (Personen, die sich anmelden können)",
  page_type_view: "View (nur lesen)",
  page_records: "Datensätze",
  page_records_count: "Datensätze: {count}",
  page_records_empty: "Datensätze erscheinen hier, sobald jemand einen sendet.",
  page_records_nothing_found: "Nichts passt zu „{search}“. Versuchen Sie weniger oder andere Wörter.",
  page_search: "Suchen",
  page_search_label: "In {collection} suchen",
  page_search_all: "Alle zeigen",
  page_sorted_up: "Aufsteigend sortiert. Absteigend sortieren.",
  page_sorted_down: "Absteigend sortiert. Aufsteigend sortieren.",
  page_sort_by: "Nach {field} sortieren",
  page_paging: "Seiten",
  page_previous: "Vorherige",
  page_next: "Nächste",
  page_paging_of: "Seite {page} von {pages}",
  page_record_of: "Datensatz von {collection}",
  page_empty_value: "Leer",

  // Pages about the records of a collection
  page_resource_add: "Hinzufügen",
  page_resource_edit: "Bearbeiten",
  page_resource_delete: "Löschen",
  page_resource_save: "Speichern",
  page_resource_cancel: "Abbrechen",
  page_resource_keep: "Behalten",
  page_resource_private: "Nicht öffentlich",
  page_resource_created: "Gespeichert.",
  page_resource_updated: "Ihre Änderungen sind gespeichert.",
  page_resource_deleted: "Gelöscht.",
  page_resource_empty: "Hier gibt es für Sie noch nichts zu sehen. Sehen Sie später wieder nach.",
  page_resource_empty_add: "Hier ist noch nichts. Fügen Sie das Erste hinzu.",
  page_resource_empty_guest:
    "Hier ist nichts, was alle sehen dürfen. Melden Sie sich an, um zu sehen, was Ihnen gehört.",
  page_resource_new_title: "Neu in {collection}",
  page_resource_edit_title: "{record} bearbeiten",
  page_resource_delete_title: "Das löschen?",
  page_resource_delete_title_of: "{record} löschen?",
  page_resource_delete_lead: "Das lässt sich nicht rückgängig machen.",
  page_resource_sign_in:
    "Sie sind abgemeldet, darum wurde nichts geändert. Was Sie geschrieben haben, steht noch hier.",
  page_resend_sign_in: "Melden Sie sich an, dann senden Sie es mit einem Knopf noch einmal.",
  page_resource_sign_in_tab:
    "Melden Sie sich in einem neuen Tab an, kommen Sie dann hierher zurück und senden Sie es noch einmal.",
  page_resource_delete_sign_in: "Sie sind abgemeldet, darum wurde nichts gelöscht.",
  page_resource_not_new:
    "Mit diesen Werten dürfen Sie das nicht hinzufügen. Ändern Sie sie und senden Sie es noch einmal.",
  page_resource_not_changed:
    "Es ist fort, oder Sie dürfen es so nicht ändern. Was Sie geschrieben haben, steht noch hier: Kopieren Sie, was Sie brauchen, oder ändern Sie es.",
  page_resource_clash: "Jemand anderes hat das inzwischen geändert. Speichern Sie noch einmal, damit Ihres gilt.",
  page_resource_theirs: "Jetzt steht dort:",
  record_changed:
    "Jemand anderes hat das geändert, seit Sie es geöffnet haben, darum wurde nichts gespeichert. Was Sie geschrieben haben, steht noch hier: Sehen Sie nach, was sich geändert hat, und speichern Sie noch einmal.",
  resource_for_superusers:
    "Das ist nur für Superuser. Wenn Sie einer sind, öffnen Sie das Dashboard und tun Sie es dort.",
  resource_not_yours_to_add:
    "Ihr Konto darf hier nichts hinzufügen. Gehen Sie zurück und sehen Sie sich an, was da ist.",
  resource_not_yours_to_change:
    "Sie dürfen das ansehen, aber nicht ändern. Bitten Sie die Person, die es angelegt hat.",
  resource_not_yours_to_delete:
    "Sie dürfen das ansehen, aber nicht löschen. Bitten Sie die Person, die es angelegt hat.",
  validation_pages_hide:
    "Seiten unter /{name} würden eine Seite verdecken, die der Server dort selbst hat. Wählen Sie einen anderen Namen, oder lassen Sie die Seiten aus.",

  // Hooks
  validation_refused: "Ändern Sie das und senden Sie es noch einmal.",
  hook_says: "{message}",
  hook_slow: "Das dauerte auf unserer Seite zu lange. Nichts wurde geändert; versuchen Sie es gleich noch einmal.",
  hook_held_up:
    "Das Speichern dauerte zu lange und wurde zurückgenommen. Nichts wurde geändert; versuchen Sie es gleich noch einmal.",
  hook_unusable: "{where} ist nicht brauchbar: {reason}. Berichtigen Sie die Datei und starten Sie neu.",
  hook_without_default:
    "{file} exportiert keine Funktion. Lassen Sie die Datei so beginnen: export default ({ app, project }) => {…}.",
  hook_start_slow:
    "{file} war nach {seconds} Sekunden mit dem Start nicht fertig. Sehen Sie nach, worauf die Datei wartet, und starten Sie neu.",
  hook_package_missing:
    "{file} braucht das Paket {name}. Installieren Sie es mit `formstead add {name}` und starten Sie neu.",
  hooks_unreadable:
    "Der Hook-Ordner {folder} lässt sich nicht lesen ({code}). Geben Sie diesem Benutzer das Recht dazu, oder wählen Sie mit --hooksDir einen anderen.",

  // The owner's pages for forms
  forms_make: "Formular anlegen",
  forms_make_first: "Das erste Formular anlegen",
  forms_empty:
    "Es gibt noch keine Formulare. Ein Formular nimmt Antworten von jeder Website an, bewahrt sie hier auf und schreibt Ihnen eine Mail.",
  forms_count: "Formulare: {count}",
  forms_form: "Formular",
  forms_address: "Adresse",
  forms_new: "Neu",
  forms_held: "Spam",
  forms_state: "Stand",
  forms_work: "Ändern",
  forms_edit: "Bearbeiten",
  forms_edit_of: "{title} bearbeiten",
  forms_state_open: "Offen",
  forms_state_soon: "Öffnet {moment}",
  forms_state_closed: "Geschlossen",
  forms_state_test: "Testbetrieb",
  forms_state_lost: "Die Sammlung ist fort",
  forms_tabs: "Dieses Formular",
  forms_tab_inbox: "Posteingang",
  forms_tab_edit: "Bearbeiten",
  forms_tab_code: "Code",
  forms_tab_page: "Seite öffnen",
  forms_all: "Alle Formulare",
  form_new_title: "Ein neues Formular",
  form_new_lead: "Sagen Sie, wie es heißt und was es fragt. Alles andere hat Zeit.",
  form_new_name: "Titel",
  form_new_name_help: "Er steht über dem Formular.",
  form_new_from: "Was es fragt",
  form_new_from_help:
    "Antworten kommen in eine Sammlung. Eine neue wird für Sie angelegt, oder wählen Sie eine, die Sie haben.",
  form_new_sets: "Gleich verwendbar",
  form_new_set_contact: "Kontakt: Name, E-Mail, Nachricht",
  form_new_set_newsletter: "Newsletter: E-Mail",
  form_new_set_feedback: "Rückmeldung: Bewertung, Nachricht, E-Mail",
  form_new_set_registration: "Anmeldung: Name, E-Mail, Telefon, Personen, Bemerkungen",
  form_new_collections: "Ihre Sammlungen",
  form_new_notify: "Neue Antworten mailen an",
  form_new_notify_help: "Lassen Sie das leer, um keine Mails zu bekommen.",
  form_new_submit: "Formular anlegen",
  form_new_unknown: "Wählen Sie etwas aus der Liste.",
  form_made:
    "Ihr Formular ist fertig. Kopieren Sie eines davon in Ihre Website, oder schicken Sie die Leute auf seine Seite. Unter „Bearbeiten“ fügen Sie eigene Fragen hinzu.",
  form_edit_title: "{title} bearbeiten",
  form_edit_save: "Speichern",
  form_edit_saved: "Ihre Änderungen sind gespeichert. Sie gelten ab jetzt.",
  form_edit_clash:
    "Jemand anderes hat dieses Formular inzwischen geändert. Alles, was Sie geschrieben haben, steht noch hier: Sehen Sie es sich an und speichern Sie noch einmal, um das andere zu überschreiben.",
  form_edit_lost:
    "Die Sammlung {collection} ist fort, darum nimmt dieses Formular keine Antworten an. Löschen Sie es, oder legen Sie die Sammlung wieder an.",
  form_edit_delete: "Dieses Formular löschen",
  form_edit_collection: "Die Antworten liegen in {collection}.",
  form_edit_part_words: "Texte",
  form_edit_part_fields: "Fragen",
  form_edit_part_sending: "Von wo gesendet werden darf",
  form_edit_part_after: "Nach dem Senden",
  form_edit_part_mail: "Mail",
  form_edit_part_webhook: "Webhook",
  form_edit_part_limits: "Öffnung und Grenzen",
  form_edit_part_shield: "Spamschutz",
  form_edit_part_privacy: "Datenschutz",
  form_edit_anywhere: "jede Seite",
  form_edit_nobody: "niemand bekommt Mails",
  form_edit_off: "aus",
  form_edit_always: "immer offen",
  form_edit_name: "Titel",
  form_edit_slug: "Adresse",
  form_edit_slug_help:
    "Kleinbuchstaben, Ziffern und Bindestriche. Seiten, die an die alte Adresse senden, müssen auch geändert werden.",
  form_edit_introduction: "Einleitung",
  form_edit_button: "Knopf",
  form_edit_button_help: "Bleibt das leer, steht dort „Senden“.",
  form_edit_fields_help:
    "Haken Sie an, was das Formular fragt. Die Zahlen sagen, in welcher Reihenfolge; leere Texte werden aus dem Namen gemacht.",
  form_edit_fields_ask: "Fragen",
  form_edit_fields_at: "Platz",
  form_edit_fields_field: "Feld",
  form_edit_fields_label: "Beschriftung",
  form_edit_fields_hint: "Hilfe",
  form_edit_fields_of: "{part} von {field}",
  form_edit_fields_none: "Haken Sie mindestens eine Frage an.",
  form_edit_origins: "Websites, die senden dürfen",
  form_edit_origins_help: "Eine je Zeile, wie https://example.com. Bleibt das leer, darf jede Seite.",
  form_edit_usesScript: "Meine Seiten laden forms.js",
  form_edit_usesScript_help: "Dann sehen Antworten ohne seinen Nachweis verdächtig aus.",
  form_edit_thanks: "Dankestext",
  form_edit_thanks_help: "Er steht nach dem Senden auf unserer Seite.",
  form_edit_redirect: "Oder auf diese Seite führen",
  form_edit_redirect_help: "Die volle Adresse einer Ihrer Seiten, mit https:// am Anfang.",
  form_edit_back: "Bei Problemen zurück auf die Seite führen, die gesendet hat",
  form_edit_back_help: "Jene Seite braucht forms.js, das die Probleme dort zeigt. Sonst zeigt sie unsere Seite.",
  form_edit_notify: "Antworten mailen an",
  form_edit_notify_help: "Eine Adresse je Zeile, oder mit Kommas dazwischen.",
  form_edit_daily: "Eine Mail am Tag statt einer je Antwort",
  form_edit_subject: "Betreff",
  form_edit_subject_help: "Bleibt das leer, steht dort „Neue Antwort:“ und der Titel des Formulars.",
  form_edit_cc: "Adressen, die eine Seite als Kopie angeben darf",
  form_edit_cc_help: "Eine je Zeile. Ein verstecktes Feld _cc darf nur diese nennen.",
  form_edit_answer: "Denen, die geantwortet haben, eine Mail senden",
  form_edit_answer_help: "Höchstens einmal am Tag an jede Adresse, und nie mit Text, den Besucher geschrieben haben.",
  form_edit_answerSubject: "Betreff dieser Mail",
  form_edit_answerText: "Text dieser Mail",
  form_edit_webhook: "Antworten an diese Adresse senden",
  form_edit_webhook_help: "Ein Programm von Ihnen, oder ein Kanal von Slack, Discord oder ntfy.",
  form_edit_webhookShape: "Geschrieben für",
  form_edit_webhook_page: "Sein Geheimnis, ein Versuch, und was zugestellt wurde",
  form_edit_opens: "Öffnet",
  form_edit_closes: "Schließt",
  form_edit_moment_help: "In der Zeitzone unten. Bleibt das leer, gibt es keine Grenze.",
  form_edit_timeZone: "Zeitzone",
  form_edit_timeZone_help:
    "Etwa Europe/Berlin; auch Zeitpunkte, die Besucher eingeben, gelten in ihr. Bleibt das leer, ist es UTC.",
  form_edit_maxAnswers: "Höchstens so viele Antworten insgesamt",
  form_edit_maxPerVisitor: "Höchstens so viele Antworten je Besucher",
  form_edit_no_limit_help: "Bleibt das leer, gibt es keine Grenze.",
  form_edit_test: "Testbetrieb",
  form_edit_test_help: "Antworten werden getrennt aufbewahrt, und niemand bekommt eine Mail.",
  form_edit_shield_help:
    "Jedes Anzeichen für Spam hat ein Gewicht. Die Summe entscheidet: Zurückgehaltene Antworten warten im Posteingang unter Spam, abgelehnte werden nicht aufbewahrt.",
  form_edit_shield_hold: "Als Spam aufbewahren ab",
  form_edit_shield_refuse: "Ablehnen ab",
  form_edit_shield_seconds: "Zu schnell unter so vielen Sekunden",
  form_edit_shield_default: "Bleibt das leer, ist es {value}.",
  form_edit_shield_words: "Spam-Wörter",
  form_edit_shield_words_help: "Eines je Zeile.",
  form_edit_shield_welcome: "Wörter, die hierher gehören",
  form_edit_shield_welcome_help:
    "Eines je Zeile. Sie lassen keine Nachricht wie Spam aussehen: Kunden einer Apotheke schreiben von Tabletten.",
  form_edit_shield_reason: "Anzeichen",
  form_edit_shield_weight: "Gewicht",
  form_edit_shield_weights: "Anzeichen für Spam und was sie wiegen",
  form_edit_consent: "Einwilligung",
  form_edit_consent_help:
    "Dieser Text steht neben einem Kästchen, das angehakt werden muss; er wird mit jeder Antwort aufbewahrt. Bleibt das leer, wird niemand gefragt.",
  form_edit_retention: "Antworten nach so vielen Tagen löschen",
  form_edit_retention_help: "Bleibt das leer, werden sie aufbewahrt.",
  validation_form_field_required:
    "Die Sammlung verlangt {name}: Behalten Sie die Frage, oder machen Sie sie freiwillig.",
  form_new_slug_help:
    "Das Formular ist unter /forms/ und diesem Namen. Bleibt das leer, wird er aus dem Titel gemacht.",
  form_new_slug_taken: "Die Adresse {slug} ist vergeben. Diese ist frei: {free}.",
  form_edit_slug_wrong:
    "Schreiben Sie eine Adresse aus Kleinbuchstaben, Ziffern und Bindestrichen, wie kontakt-zu-uns.",
  form_edit_redirect_wrong:
    "Schreiben Sie die volle Adresse einer Seite, mit https:// am Anfang, wie https://example.com/danke.html.",
  form_edit_fields_need: "Pflicht",
  form_edit_fields_file:
    "{file} beschreibt diese Sammlung; dort werden Fragen hinzugefügt und bestimmt, was beantwortet werden muss.",
  form_edit_fields_shared:
    "Auch diese Formulare bewahren ihre Antworten dort auf: {titles}. Was Pflicht ist und eine neue Frage gehören zur gemeinsamen Sammlung.",
  form_edit_required_elsewhere:
    "Das Formular „{title}“ fragt nicht nach {name} und könnte nicht mehr gesendet werden. Fragen Sie zuerst dort danach, oder lassen Sie es freiwillig.",
  form_edit_new: "Eine neue Frage",
  form_edit_new_label: "Frage",
  form_edit_new_label_help:
    "Bleibt das leer, wird nichts hinzugefügt. Die Antworten stehen in einem neuen Feld der Sammlung.",
  form_edit_new_kind: "Art der Antwort",
  form_edit_new_kind_line: "Kurzer Text",
  form_edit_new_kind_paragraph: "Langer Text",
  form_edit_new_kind_email: "E-Mail-Adresse",
  form_edit_new_kind_number: "Zahl",
  form_edit_new_kind_yes: "Ja oder nein",
  form_edit_new_kind_date: "Datum und Uhrzeit",
  form_edit_new_kind_one: "Eines von mehreren",
  form_edit_new_kind_some: "Einige von mehreren",
  form_edit_new_kind_file: "Datei",
  form_edit_new_choices: "Auswahl",
  form_edit_new_choices_help: "Je Zeile eines, für die beiden Arten mit einer Auswahl.",
  form_edit_new_required: "Sie muss beantwortet werden",
  form_edit_new_unlabelled: "Schreiben Sie die Frage, oder leeren Sie die Auswahl und den Haken darunter.",
  form_edit_new_choiceless: "Schreiben Sie mindestens eines zur Auswahl, jedes in eine eigene Zeile.",
  inbox_reply: "Antworten",
  inbox_released: "Freigegeben: Der Eintrag ist jetzt im Posteingang.",
  inbox_released_sends:
    "Freigegeben: Der Eintrag ist jetzt im Posteingang, und seine Mail und sein Webhook sind unterwegs.",
  form_code_title: "Code von {title}",
  form_code_link: "Ein Link",
  form_code_link_help: "Das Formular hat eine eigene Seite. Verlinken Sie sie von überall.",
  form_code_html: "Auf einer Ihrer Seiten",
  form_code_html_help:
    "Fügen Sie das in eine beliebige HTML-Seite ein. Es geht ohne JavaScript; das Skript in der letzten Zeile sendet, ohne die Seite zu verlassen.",
  form_code_fetch: "Mit JavaScript",
  form_code_fetch_help: "Die Antwort ist JSON: der Datensatz, oder mit Status 400 ein Satz zu jedem Feld.",
  form_code_react: "In React",
  form_code_react_help:
    "React braucht nichts Besonderes: Setzen Sie dasselbe Formular in eine Komponente, oder senden Sie es wie oben. Auch Komponenten für Formspree gehen, wenn sie an {address} senden.",
  form_delete_title: "{title} löschen?",
  form_delete_lead:
    "Das Formular und sein Posteingang verschwinden. Einträge, mit Notizen und Gründen: {count}. Das lässt sich nicht rückgängig machen.",
  form_delete_kept:
    "Angenommene Datensätze bleiben in {collection}. Antworten, die unter Spam oder Gelöscht warten, verschwinden.",
  form_delete_submit: "Formular löschen",
  form_delete_keep: "Behalten",
  form_deleted: "Das Formular ist gelöscht.",

  // Mails, and the mailbox
  mail_gone: "Nicht gesendet: Worum es ging, ist fort oder nicht mehr angenommen.",
  mail_dashboard: "Öffnen Sie Ihr Dashboard, um alles zu sehen.",
  mail_notice_subject: "Neue Antwort: {title}",
  mail_notice_extra: "Auch gesendet, obwohl das Formular nicht danach fragt.",
  page_mail_notice_inbox: "Im Posteingang ansehen",
  mail_notice_why:
    "Sie bekommen diese Mail, weil das Formular „{title}“ Ihre Adresse nennt. Ändern Sie das in den Einstellungen des Formulars.",
  mail_answer_subject: "Vielen Dank: {title}",
  mail_answer_text: "Vielen Dank. Was Sie gesendet haben, ist angekommen und wird gelesen.",
  mail_answer_why:
    "Sie bekommen diese Mail, weil jemand Ihre Adresse in das Formular „{title}“ eingetragen hat. Wenn Sie das nicht waren, müssen Sie nichts tun.",
  mail_answer_once: "Nicht gesendet: Diese Adresse hat von diesem Formular am selben Tag schon eine Mail bekommen.",
  mail_answer_many: "Nicht gesendet: Dieses Formular hat in einer Stunde schon 50 Mails gesendet, mehr sind es nie.",
  page_mail_digest_subject: "{title}: {fresh} neu, {held} zurückgehalten",
  page_mail_digest_subject_held: "{title}: {held} als Spam zurückgehalten",
  mail_notice_held:
    "Nicht einzeln gesandt: In dieser Stunde sind {most} Mails zu diesem Formular gegangen. Eine Mail nach {until} UTC nennt auch diese.",
  mail_bundle_early: "Noch nicht gesandt: Bis {until} UTC kann noch etwas hinzukommen. Diese Mail geht von selbst.",
  mail_bundle_daily:
    "Nicht gesendet: Dieses Formular wird inzwischen einmal am Tag gemeldet, und die Mail des Tages nennt auch diese Antworten.",
  page_mail_bundle_subject: "{title}: {count} weitere neue",
  mail_bundle_lead:
    "Zwischen {since} und {until} kamen mehr Antworten, als Ihnen einzeln gemeldet werden. Das sind die übrigen.",
  mail_digest_fresh: "Neue Antworten: {count}",
  mail_digest_held: "Als Spam zurückgehalten: {count}",
  mail_digest_held_help: "Davon hat niemand erfahren. Geben Sie im Posteingang frei, was kein Spam ist.",
  mail_digest_reasons: "Warum: {reasons}",
  mail_digest_more: "Und {count} weitere. Alle sehen Sie im Posteingang.",
  page_mail_digest_inbox: "Posteingang öffnen",
  page_mailbox_lead_none:
    "Es ist kein Mailserver eingerichtet, darum bleiben Mails hier und werden niemandem gesendet. Richten Sie einen unter Einstellungen ein; öffnen Sie dann hier eine Mail, um sie noch einmal zu senden.",
  page_mailbox_lead: "Was aus jeder Mail wurde. Erledigte bleiben 30 Tage hier.",
  page_mailbox_count: "Mails auf dieser Seite: {count}",
  page_mailbox_empty:
    "Noch keine Mails. Formulare schreiben niemandem, bis Sie unter Formulare, Ihr Formular, Bearbeiten, Mail sagen, wem; dann macht jede Antwort eine Mail.",
  page_mailbox_filter: "Mails danach zeigen, was aus ihnen wurde",
  page_mailbox_state: "Stand",
  page_mailbox_all: "Alle",
  page_mailbox_waiting: "Wartet",
  page_mailbox_done: "Gesendet",
  page_mailbox_failed: "Fehlgeschlagen",
  page_mailbox_kept: "Hier aufbewahrt",
  page_mailbox_retrying: "Wartet; Versuche bisher: {tries}",
  page_mailbox_ended_well: "Erledigt",
  page_mailbox_none: "Keine solche Mail. Wählen Sie einen anderen Stand, oder gehen Sie zurück zu den neuesten.",
  page_mailbox_gone_short: "(Nichts mehr zu melden)",
  page_mailbox_subject: "Betreff",
  page_mailbox_to: "An",
  page_mailbox_cc: "Kopie an",
  page_mailbox_reply_to: "Antworten gehen an",
  page_mailbox_facts: "Was daraus wurde, und die Kopfzeilen",
  page_mailbox_from: "Von",
  page_mailbox_created: "Angelegt",
  page_mailbox_ended: "Beendet",
  page_mailbox_due: "Nächster Versuch",
  page_mailbox_tries: "Versuche",
  page_mailbox_outcome: "Was der Server sagte",
  page_mailbox_text: "Als reiner Text",
  page_mailbox_html: "Wie ein Mailprogramm sie zeigt",
  page_mailbox_submission: "Die Antwort, um die es geht",
  page_mailbox_gone:
    "Es gibt keinen Text zu zeigen: Worum es in dieser Mail ging, ist fort oder nicht mehr angenommen, oder eine andere Mail nennt es.",
  page_mailbox_again: "Noch einmal senden",
  page_mailbox_older: "Ältere Mails",
  page_mailbox_newest: "Die neuesten Mails",
  mail_server_unusable:
    "Der Mailserver {server} war nicht zu benutzen: {reason}. Prüfen Sie unter Einstellungen Host, Port und TLS.",
  sender_no_domain: "{address} hat keine Domain, die andere kennen. Wählen Sie einen Absender mit eigener Domain.",
  sender_unreachable: "Die Nameserver haben zu {domain} nicht geantwortet. Versuchen Sie es später noch einmal.",
  sender_spf_good:
    "{domain} sagt, welche Server ihre Mails senden dürfen (SPF). Prüfen Sie, ob Ihr Mailserver dabei ist: {record}",
  sender_spf_missing:
    "{domain} sagt nicht, welche Server ihre Mails senden dürfen. Fragen Sie Ihren Mailanbieter nach seinem SPF-Eintrag und tragen Sie ihn bei {domain} als TXT ein.",
  sender_spf_twice: "{domain} hat mehr als einen SPF-Eintrag, darum gilt keiner. Machen Sie einen daraus.",
  sender_spf_open:
    "{domain} lässt jeden Server ihre Mails senden. Lassen Sie den SPF-Eintrag mit ~all oder -all enden; jetzt lautet er: {record}",
  sender_dkim_good: "{domain} hat Schlüssel, die ihre Mails unterschreiben (DKIM): {selectors}.",
  sender_dkim_unseen:
    "Ein Schlüssel, der Mails von {domain} unterschreibt, wurde nicht gefunden (DKIM). Gesucht wurde nach {selectors}. Unterschreibt Ihr Mailanbieter unter einem anderen Namen, ist alles gut; sonst fragen Sie ihn nach seinem DKIM-Eintrag.",
  sender_dmarc_good: "{domain} sagt, was Empfänger mit Mails tun sollen, die nicht von dort stammen (DMARC): {policy}.",
  sender_dmarc_watching:
    "{domain} hat einen DMARC-Eintrag, der von Empfängern noch nichts verlangt. Sobald SPF und DKIM stehen, ändern Sie p=none in p=quarantine.",
  sender_dmarc_missing:
    "{domain} hat keinen DMARC-Eintrag, den große Mailanbieter verlangen. Legen Sie bei _dmarc.{domain} einen TXT-Eintrag v=DMARC1; p=none an.",

  // The owner's inbox
  inbox_title: "Posteingang von {title}",
  inbox_states: "Welche Einträge",
  inbox_state_inbox: "Alle",
  inbox_state_new: "Neu",
  inbox_state_read: "Gelesen",
  inbox_state_spam: "Spam",
  inbox_state_deleted: "Gelöscht",
  inbox_state_test: "Versuche",
  inbox_search: "In diesen Einträgen suchen",
  inbox_count: "Einträge: {count}",
  inbox_found: "Einträge, die diesen Text enthalten",
  inbox_empty:
    "Noch ist nichts angekommen. Setzen Sie das Formular auf eine Ihrer Seiten, oder öffnen Sie seine Seite und senden Sie etwas.",
  inbox_empty_code: "Zum Code",
  inbox_empty_state: "Hier ist nichts.",
  inbox_column_tick: "Haken",
  inbox_column_who: "Wer",
  inbox_column_what: "Was",
  inbox_column_when: "Wann",
  inbox_column_state: "Stand",
  inbox_tick: "{label} anhaken",
  inbox_tick_every: "Alle auf dieser Seite",
  inbox_ticked: "Mit dem Angehakten:",
  inbox_nothing_ticked: "Nichts war angehakt, darum wurde nichts geändert.",
  inbox_done: "Erledigt. Geänderte Einträge: {count}.",
  inbox_done_failed:
    "Geänderte Einträge: {count}. Nicht geändert: {failed}. Öffnen Sie sie und versuchen Sie es dort, um zu sehen, warum.",
  inbox_not_restored: "Der Datensatz kann nicht mehr angelegt werden, darum wurde nichts geändert.",
  inbox_act_unknown:
    "Diesen Knopf gibt es nicht. Gehen Sie zurück, laden Sie die Seite neu und versuchen Sie es noch einmal.",
  inbox_act_read: "Als gelesen markieren",
  inbox_act_unread: "Als neu markieren",
  inbox_act_spam: "Spam",
  inbox_act_confirm: "Wirklich Spam",
  inbox_act_good: "Kein Spam",
  inbox_act_delete: "Löschen",
  inbox_act_restore: "Wiederherstellen",
  inbox_act_purge: "Endgültig löschen",
  inbox_days_title: "Die letzten {days} Tage",
  inbox_days_text: "Angenommen: {sends}. Als Spam aufbewahrt: {held}. Die meisten an einem Tag: {most}.",
  inbox_days_table: "Tag für Tag",
  inbox_day: "Tag",
  inbox_day_sends: "Angenommen",
  inbox_day_held: "Als Spam aufbewahrt",
  inbox_stats_views: "Unsere Seite geöffnet",
  inbox_stats_sends: "Angenommen",
  inbox_stats_held: "Als Spam aufbewahrt",
  inbox_stats_refused: "Als Spam abgelehnt",
  inbox_stats_problems: "Probleme beim Ausfüllen",
  inbox_foreign_send:
    "Von {origin} Gesendetes wurde abgewiesen ({count}), weil dieses Formular die Website nicht aufführt. Wenn es Ihre ist, fügen Sie sie den Websites hinzu, die senden dürfen.",
  inbox_foreign_file:
    "Von einer Seite ohne Adresse, etwa einer Datei auf einem Datenträger, Gesendetes wurde abgewiesen ({count}). Legen Sie die Seite auf eine Website, die senden darf.",
  inbox_foreign_next:
    "Antworten sollten nach {origin} weiterführen ({count}). Dieses Formular führt die Website nicht auf, darum sahen Besucher stattdessen seine eigene Seite. Wenn es Ihre ist, fügen Sie sie den Websites hinzu, die senden dürfen.",
  inbox_foreign_edit: "Formular bearbeiten",
  inbox_starred: "Mit Stern",
  inbox_star: "Stern setzen",
  inbox_unstar: "Stern entfernen",
  inbox_from: "Von",
  inbox_fields: "Antworten",
  inbox_extra: "Auch gesendet",
  inbox_extra_help: "Danach fragt das Formular nicht.",
  inbox_wishes: "Was die Seite zu Ihrer Mail angab",
  inbox_wish_subject: "Betreff",
  inbox_wish_reply: "Antwort an",
  inbox_wish_copies: "Kopien an",
  inbox_wish_unlisted: "Nicht gesandte Kopien, da das Formular sie nicht nennt",
  inbox_copy_unlisted:
    "Antworten baten um eine Kopie an {address} ({count}), die dieses Formular nicht nennt; es wurde keine gesandt. Wenn Sie die Adresse kennen, tragen Sie sie bei den Adressen ein, die eine Seite als Kopie angeben darf.",
  inbox_consent: "Einwilligung",
  inbox_consent_at: "Gegeben am {moment}, Fassung {version}.",
  inbox_reasons: "Was der Spamschutz gesehen hat",
  inbox_reasons_none: "Nichts Verdächtiges.",
  inbox_reasons_score: "Zusammen: {score}",
  inbox_reason: "Anzeichen",
  inbox_weight: "Gewicht",
  inbox_facts: "Woher sie kam",
  inbox_fact_created: "Angekommen",
  inbox_fact_updated: "Geändert",
  inbox_fact_origin: "Website",
  inbox_fact_referrer: "Seite",
  inbox_fact_agent: "Browser",
  inbox_fact_language: "Sprachen",
  inbox_fact_email: "E-Mail",
  inbox_record: "Der Datensatz in {collection}",
  inbox_notes: "Notizen",
  inbox_notes_help: "Nur Superuser sehen sie.",
  inbox_notes_save: "Notizen speichern",
  inbox_saved: "Gespeichert.",
  inbox_jobs: "Mails und Webhooks",
  inbox_job_kind: "Was",
  inbox_job_state: "Stand",
  inbox_job_outcome: "Was daraus wurde",
  inbox_job_when: "Wann",
  inbox_job_again: "Noch einmal senden",
  inbox_job_mail: "Mail",
  inbox_job_webhook: "Webhook",
  inbox_job_waiting: "Wartet",
  inbox_job_done: "Erledigt",
  inbox_job_failed: "Fehlgeschlagen",
  inbox_gone: "Der Datensatz ist fort. Was man sonst von dem Eintrag weiß, steht noch hier.",
  inbox_held_note: "Das sieht nach Spam aus, darum bekam niemand eine Mail. „Kein Spam“ sendet, was ausgeblieben ist.",
  inbox_test_note: "Das ist ein Versuch: Er wurde im Testbetrieb gesendet, und niemand bekam eine Mail.",
  inbox_deleted_note:
    "Das ist gelöscht und nicht mehr in seiner Sammlung. Stellen Sie es wieder her, oder löschen Sie es endgültig.",
  inbox_purge_title: "Das endgültig löschen?",

  page_file_kept: "Von vorhin noch da: {filename}.",
  page_file_unwanted: "{filename} weglassen",
  page_files_lost: "Ihre Dateien konnten nicht behalten werden. Bitte wählen Sie sie noch einmal, bevor Sie senden.",
  page_resend_title: "Noch einmal senden",
  page_resend_lead:
    "Das haben Sie gesendet, bevor Sie angemeldet waren. Sehen Sie es sich noch einmal an und senden Sie es dann.",
  page_resend_signed_out: "Das haben Sie gesendet. Melden Sie sich an, bevor Sie es noch einmal senden.",
  page_resend_send: "Noch einmal senden",
  draft_gone:
    "Was hier aufbewahrt war, ist fort: Es wurde gesendet, oder es ist mehr als eine Stunde vergangen. Bitte füllen Sie das Formular noch einmal aus.",

  // Exports, imports, and what is known of one person
  export_separator: "CSV gibt es mit Kommas oder mit Semikolons. Wählen Sie eines davon.",
  page_export: "Exportieren",
  page_export_semicolons: "CSV mit Semikolons",
  csv_unreadable:
    "Das ist kein CSV: Vor Zeile {line} beginnt ein Anführungszeichen, das nie endet. Berichtigen Sie das und senden Sie die Datei noch einmal.",
  csv_row_too_long:
    "Die Zeile {line} ist zu lang. Vermutlich beginnt dort ein Anführungszeichen, das nie endet. Berichtigen Sie das und senden Sie die Datei noch einmal.",
  csv_too_wide:
    "Die Datei hat mehr als {most} Spalten. Lassen Sie weg, was Sie nicht brauchen, und senden Sie sie noch einmal.",
  csv_empty: "In dieser Datei steht nichts. Wählen Sie eine, deren erste Zeile die Überschriften hat.",
  import_file_missing: "Wählen Sie zuerst eine CSV-Datei.",
  import_gone:
    "Diese Datei ist nicht mehr hier: Sie wird nach dem letzten Ansehen eine Stunde aufbewahrt. Senden Sie sie noch einmal.",
  import_before:
    "Genau diese Datei wurde am {moment} importiert. Importieren Sie sie nur noch einmal, wenn Sie ihre Zeilen doppelt haben wollen.",
  import_busy: "An der Datei wird gearbeitet. Warten Sie, bis das fertig ist, und versuchen Sie es noch einmal.",
  import_moment: "Das ist kein lesbares Datum. Schreiben Sie es wie 2026-01-31 15:04.",
  import_ragged:
    "Die Zeile hat mehr Zellen als die {columns} Überschriften. Vermutlich steht ein Text mit Komma nicht in Anführungszeichen.",
  page_import: "Importieren",
  page_import_title: "In {name} importieren",
  page_import_lead:
    "Wählen Sie eine CSV-Datei, deren erste Zeile die Überschriften hat. Sie wird erst durchgesehen: Nichts wird angelegt, bevor Sie gesehen haben, was es wäre.",
  page_import_lead_form:
    "Dateien, die Formspree und Netlify exportieren, werden verstanden und behalten ihr Datum. Über importierte Antworten bekommt niemand eine Mail.",
  page_import_file: "CSV-Datei",
  page_import_send: "Datei durchsehen",
  page_import_columns: "Was aus jeder Spalte wird",
  page_import_column: "Spalte in der Datei",
  page_import_becomes: "Wird zu",
  page_import_leave: "Weglassen",
  page_import_aside: "Neben der Antwort aufbewahren",
  page_import_fact_created: "Wann es gesendet wurde",
  page_import_fact_email: "Die Adresse des Absenders",
  page_import_fact_state: "Der Stand im Eingang",
  page_import_fact_notes: "Ihre Notizen",
  page_import_fact_origin: "Die Website",
  page_import_fact_referrer: "Die Seite",
  page_import_fact_agent: "Der Browser",
  page_import_fact_extra: "Was gesendet, aber nicht erfragt wurde",
  page_import_fact_wishes: "Was die Seite zur Mail angab",
  page_import_fact_id: "Die Kennung",
  page_import_check: "Noch einmal durchsehen",
  page_import_start: "Importieren, was in Ordnung ist",
  page_import_another: "Andere Datei",
  page_import_checking: "{file} wird durchgesehen. Zeilen bisher: {read}. Diese Seite sieht selbst wieder nach.",
  page_import_importing:
    "{file} wird importiert. Zeilen bisher: {read}. Diese Seite sieht selbst wieder nach; Sie dürfen sie verlassen.",
  page_import_look: "Jetzt nachsehen",
  page_import_would: "Zeilen, die angelegt würden: {made}.",
  page_import_made: "Zeilen, die angelegt wurden: {made}.",
  page_import_known: "Zeilen, die es schon gibt und die nicht noch einmal angelegt werden: {known}.",
  page_import_left_would: "Zeilen, die weggelassen würden: {left}.",
  page_import_left: "Zeilen, die weggelassen wurden: {left}.",
  page_import_left_file: "Die weggelassenen Zeilen mit den Gründen (CSV)",
  page_import_nothing_written: "Noch wurde nichts geschrieben.",
  page_import_faults: "Was nicht stimmt",
  page_import_faults_first: "Die ersten davon: {count}",
  page_import_faults_all: "Alle: {count}",
  page_import_line: "Zeile",
  page_import_wrong: "Was dort nicht stimmt",
  page_import_see: "Ansehen, was jetzt da ist",

  // Backups
  backup_under_way:
    "Von diesen Daten wird gerade eine Sicherung gemacht oder eingespielt. Warten Sie, bis das fertig ist, und versuchen Sie es noch einmal.",
  backup_exists: "{file} gibt es schon und bleibt, wie es ist. Wählen Sie einen anderen Namen für die Sicherung.",
  backup_unwritable:
    "Formstead kann {file} nicht schreiben ({code}). Wählen Sie einen vorhandenen Ordner, in den Sie schreiben dürfen.",
  backup_unsound:
    "Die Sicherung {file} wurde gemacht, liest sich aber nicht so, wie sie geschrieben wurde ({code}). Verlassen Sie sich nicht darauf; prüfen Sie den Datenträger, und machen Sie eine neue.",
  backup_missing: "Es gibt keine Sicherung {file}. Sehen Sie im Ordner backups Ihrer Daten nach, was es gibt.",
  backup_foreign:
    "{file} ist keine Sicherung, die Formstead gemacht hat, darum wurde nichts geändert. Wählen Sie eine andere Datei.",
  backup_foreign_database:
    "Die Datenbank in der Sicherung ist keine von Formstead, darum wurde nichts geändert. Wählen Sie eine andere Datei.",
  backup_damaged: "Die Sicherung {file} ist beschädigt ({name}), darum wurde nichts geändert. Wählen Sie eine andere.",
  backup_database:
    "Die Datenbank in der Sicherung ist beschädigt, darum wurde nichts geändert. Wählen Sie eine andere Sicherung.",
  backup_newer:
    "Die Sicherung {file} hat ein neueres Formstead gemacht, darum wurde nichts geändert. Spielen Sie sie mit der neueren Version ein.",
  backup_no_room:
    "Für den Inhalt der Sicherung ist auf dem Datenträger kein Platz. Nichts wurde geändert; schaffen Sie Platz und versuchen Sie es noch einmal.",
  failed_to_make_backup: "Die Sicherung wurde nicht gemacht. Berichtigen Sie, was beanstandet wird.",
  failed_to_keep_backup: "Die Sicherung wurde nicht aufbewahrt. Berichtigen Sie, was beanstandet wird.",
  page_backups: "Sicherungen",
  page_backups_lead:
    "Eine Sicherung ist eine Datei mit allen Daten, den Dateien der Datensätze und dem Geheimnis. Sie wird gemacht, während Ihre Website weiterläuft, und noch einmal gelesen, bevor Sie davon erfahren. Speichern Sie sie auf einem anderen Gerät, wo nur Sie sie lesen können.",
  page_backups_make: "Jetzt eine Sicherung machen",
  page_backups_done:
    "Die Sicherung wurde gemacht und noch einmal gelesen; sie ist in Ordnung. Klicken Sie auf ihren Namen, um sie anderswo zu speichern.",
  page_backups_removed: "Die Sicherung ist entfernt.",
  page_backups_empty: "Es gibt noch keine Sicherungen. Machen Sie die erste.",
  page_backups_count: "Sicherungen: {count}",
  page_backups_name: "Name",
  page_backups_size: "Größe",
  page_backups_made: "Gemacht",
  page_backups_remove: "Entfernen",
  page_backups_remove_one: "{name} endgültig entfernen",
  page_backups_restore:
    "Um eine einzuspielen, beenden Sie den Server und führen aus: formstead restore DATEI. Was jetzt da ist, bleibt daneben erhalten.",
  page_settings_backups: "Alles in einer Datei: eine Sicherung machen",
  backup_name:
    "Der Name einer Sicherung hat Kleinbuchstaben, Ziffern, - und _ und endet auf .zip. Ändern Sie den Namen.",
  data_mounted:
    "{path} ist ein eigener Datenträger, an dessen Stelle keine anderen Daten treten können. Nichts wurde geändert; spielen Sie mit --dir in einen leeren Ordner ein und kopieren Sie von dort.",
  data_being_restored:
    "In diesen Datenordner wird gerade eine Sicherung eingespielt. Warten Sie, bis das fertig ist, und versuchen Sie es noch einmal.",

  // What is known of one person
  sender_domain_unknown:
    "Die Nameserver wissen nichts von {domain}. Prüfen Sie die Schreibweise, und ob dieser Server Nameserver fragen darf.",
  person_no_address: "Das ist keine E-Mail-Adresse. Schreiben Sie sie wie ann@example.com.",
  person_unconfirmed: "Haken Sie an, was gelöscht werden soll.",
  page_person_lead:
    "Alles, was zu einer E-Mail-Adresse gespeichert ist: zum Ansehen, zum Herausgeben oder zum Löschen.",
  page_person_email: "E-Mail-Adresse",
  page_person_find: "Suchen",
  page_person_nothing: "Zu {email} ist nichts gespeichert.",
  page_person_found: "Was zu {email} gespeichert ist",
  page_person_export: "Alles mitnehmen (JSON)",
  page_person_erase: "Löschen …",
  page_person_count: "Insgesamt: {count}",
  page_person_more: "Und weitere: {count}.",
  page_person_records: "Datensätze in {collection}",
  page_person_related: "Datensätze in {collection}, die auf das Konto zeigen",
  page_person_answers: "Antworten auf Formulare, jede mit ihrem Datensatz",
  page_person_jobs: "Mails und Webhooks, gesendete und wartende",
  page_person_drafts: "Was fehlgeschlagene Sendungen eine Stunde lang aufbewahren",
  page_person_settings: "Formulare, die Mails an diese Adresse senden",
  page_person_owner:
    "Das ist das Konto eines Superusers. Es wird hier nicht gelöscht: `formstead superuser delete` entfernt es.",
  page_person_setting: "Das wird hier nicht gelöscht: Wählen Sie im Formular eine andere Adresse.",
  page_person_erase_title: "Löschen, was zu {email} gespeichert ist?",
  page_person_erase_lead:
    "Genau das, was hier angehakt und aufgeführt ist, verschwindet endgültig. Nehmen Sie vorher eine Kopie mit, wenn Sie sie brauchen könnten.",
  page_person_erase_submit: "Endgültig löschen",
  page_person_erase_keep: "Behalten",
  page_person_erased_title: "Was zu {email} gelöscht wurde",
  page_person_gone: "Gelöscht: {count}",
  page_person_kept: "{label} ließ sich nicht löschen: {why}",
  page_person_limits:
    "Sicherungen, die Sie gemacht haben, enthalten noch, was darin war: Entfernen Sie die älteren als heute, oder lassen Sie sie auslaufen. Was eine Live-Ansicht oder ein Hook noch erfahren muss, ist binnen einer Stunde vergessen. In Protokollen steht nichts davon.",
  page_person_again: "Ansehen, was übrig ist",

  // Why the spam shield thinks of an answer as it does
  shield_honeypot: "Ein Feld, das Menschen nie sehen, wurde ausgefüllt.",
  shield_token_forged: "Sie kam mit einem Formular-Token, das nicht von uns ist.",
  shield_token_foreign: "Sie kam mit dem Formular-Token eines anderen Formulars.",
  shield_token_used: "Ihr Formular-Token wurde schon für eine ganz andere Antwort verwendet.",
  shield_token_again: "Ihr Formular-Token wurde schon verwendet; seither wurde etwas geändert.",
  shield_token_old: "Das Formular wurde mehr als einen Tag vor dem Senden geöffnet.",
  shield_token_strange: "Sie kam mit einem Formular-Token, wie andere Software sie macht.",
  shield_token_missing: "Sie kam ohne Formular-Token, obwohl Ihre Seiten forms.js laden.",
  shield_proof_wrong: "Ihr Rechennachweis ist falsch.",
  shield_proof_missing: "Sie kam ohne Rechennachweis, obwohl Ihre Seiten forms.js laden.",
  shield_too_fast: "Sie wurde schneller gesendet, als ein Mensch sie ausfüllen kann ({detail}).",
  shield_fast: "Sie wurde schneller gesendet, als die meisten Menschen sie ausfüllen ({detail}).",
  shield_origin_missing: "Sie sagt nicht, von welcher Website sie kommt, anders als Browser.",
  shield_links: "Sie verlinkt fremde Websites: {detail}.",
  shield_links_only: "Außer Links sagt sie kaum etwas.",
  shield_link_marks: "Sie schreibt Links als Code: {detail}.",
  shield_link_in_name: "Wo ein Name, eine Nummer oder ein Betreff hingehört, steht ein Link: {detail}.",
  shield_link_shortened: "Sie verbirgt, wohin ein Link führt: {detail}.",
  shield_link_disguised: "Sie verlinkt eine Adresse, die wie eine andere aussieht.",
  shield_letters_mixed: "In Wörtern sind Buchstaben verschiedener Alphabete gemischt: {detail}.",
  shield_letters_invisible: "In Wörtern sind unsichtbare Zeichen versteckt ({detail}).",
  shield_markup: "Sie enthält Code, der für Maschinen gedacht ist: {detail}.",
  shield_gibberish: "Sie enthält Wörter, die niemand schreibt: {detail}.",
  shield_name_joined: "Der Name besteht aus zwei Namen in einem Wort: {detail}.",
  shield_all_the_same: "Mehrere Felder sagen dasselbe: {detail}.",
  shield_mail_throwaway: "Die Mailadresse besteht nur für Minuten: {detail}.",
  shield_owner_words: "Sie enthält Wörter Ihrer Liste: {detail}.",
  shield_learned_spam: "Sie liest sich wie das, was Sie Spam genannt haben: {detail}.",
  shield_learned_good: "Sie liest sich wie das, was Sie gut genannt haben: {detail}.",
  shield_same_answer: "Dieselbe Antwort kam schon (jetzt {detail} Mal).",
  shield_same_message: "Dieselbe Nachricht kam an mehrere Formulare oder unter mehreren Namen.",
  shield_alike_from_one: "Von einer Adresse kamen binnen Minuten viele Nachrichten, die einander gleichen ({detail}).",
  shield_many_from_one: "Von einer Adresse kamen binnen Minuten viele Antworten ({detail}).",
  shield_earlier: "Einer früheren Fassung ist etwas aufgefallen, wonach diese nicht mehr sucht: {detail}.",
  shield_usual_in_spam: "Ihre Wörter sind in Spam üblich: {detail}.",
} as const satisfies Catalogue;
