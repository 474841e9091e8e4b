import { Database } from "bun:sqlite";
import { board, boards, card, cards, label, labels, moment, post, postId } from "./data.ts";

/** The tables of the hand-written sides; Formstead makes its own from the definitions in `formstead.ts`. */
const tables = `
  CREATE TABLE users (id TEXT PRIMARY KEY NOT NULL, email TEXT NOT NULL UNIQUE);
  CREATE TABLE posts (id TEXT PRIMARY KEY NOT NULL, title TEXT NOT NULL, body TEXT NOT NULL, category TEXT NOT NULL,
    views NUMERIC NOT NULL, published BOOLEAN NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL);
  CREATE INDEX posts_category ON posts (category, created);
  CREATE TABLE notes (id TEXT PRIMARY KEY NOT NULL, owner TEXT NOT NULL REFERENCES users, title TEXT NOT NULL,
    body TEXT NOT NULL, category TEXT NOT NULL, views NUMERIC NOT NULL, published BOOLEAN NOT NULL,
    created TEXT NOT NULL, updated TEXT NOT NULL);
  CREATE INDEX notes_category ON notes (category, created);
  CREATE TABLE labels (id TEXT PRIMARY KEY NOT NULL, title TEXT NOT NULL, kind TEXT NOT NULL);
  CREATE TABLE cards (id TEXT PRIMARY KEY NOT NULL, title TEXT NOT NULL, labels JSON NOT NULL);
  CREATE TABLE boards (id TEXT PRIMARY KEY NOT NULL, title TEXT NOT NULL, cards JSON NOT NULL);
  CREATE INDEX boards_title ON boards (title);
`;

/** Makes a SQLite file with one user and `count` posts, for the sides that read SQLite directly. */
export function seedFile(file: string, count: number, user: { readonly id: string; readonly email: string }): void {
  const db = new Database(file, { create: true });
  db.run("PRAGMA journal_mode = WAL");
  db.run(tables);
  db.transaction(() => {
    db.prepare("INSERT INTO users VALUES (?, ?)").run(user.id, user.email);
    const insert = db.prepare("INSERT INTO posts VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    for (let n = 0; n < count; n++) {
      const { title, body, category, views, published } = post(n);
      insert.run(postId(n), title, body, category, views, published, moment(n), moment(n));
    }
    const hold = (table: string) => db.prepare(`INSERT INTO ${table} VALUES (?, ?, ?)`);
    const [insertLabel, insertCard, insertBoard] = [hold("labels"), hold("cards"), hold("boards")];
    for (let n = 0; n < labels; n++) insertLabel.run(...Object.values(label(n)));
    for (let n = 0; n < cards; n++) insertCard.run(card(n).id, card(n).title, JSON.stringify(card(n).labels));
    for (let n = 0; n < boards; n++) insertBoard.run(board(n).id, board(n).title, JSON.stringify(board(n).cards));
  })();
  db.close();
}
