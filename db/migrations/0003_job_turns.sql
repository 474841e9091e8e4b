-- From form to form among what waits, so that no form keeps the others waiting.
CREATE INDEX _jobs_turn ON _jobs (kind, form, due) WHERE state = 'waiting';
