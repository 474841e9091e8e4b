/**
 * The peer: Express on Node with Node's own SQLite, as people write it from the front pages of their documentations,
 * with the two habits that cost nothing: WAL and prepared statements.
 *
 *     node server.js FILE PORT SECRET
 */
import { randomBytes } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import express from "express";
import jwt from "jsonwebtoken";

const [file, port, secret] = process.argv.slice(2);

const db = new DatabaseSync(file);
db.exec("PRAGMA journal_mode = WAL");
const columns = "id, title, body, category, views, published, created, updated";
const viewPost = db.prepare(`SELECT ${columns} FROM posts WHERE id = ?`);
const listPosts = db.prepare(`SELECT ${columns} FROM posts WHERE category = ? ORDER BY created DESC LIMIT ? OFFSET ?`);
const insertPost = db.prepare(`INSERT INTO posts (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
const insertNote = db.prepare(`INSERT INTO notes (${columns}, owner) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
const viewUser = db.prepare("SELECT id FROM users WHERE id = ?");

const app = express();
app.use(express.json());

app.get("/api/health", (_request, response) => {
  response.json({ code: 200, message: "API is healthy.", data: {} });
});

app.get("/api/collections/posts/records/:id", (request, response) => {
  const row = viewPost.get(request.params.id);
  if (!row) return refuse(response, 404, "The requested resource wasn't found.");
  response.json(record("posts", row));
});

app.get("/api/collections/posts/records", (request, response) => {
  const { filter = "", page = 1, perPage = 30 } = request.query;
  const [, category] = /^category ?= ?'([^']*)'$/.exec(filter) ?? [];
  if (category === undefined) return refuse(response, 400, "Something went wrong while processing your request.");
  const rows = listPosts.all(category, Number(perPage), (Number(page) - 1) * Number(perPage));
  const items = rows.map((row) => record("posts", row));
  response.json({ items, page: Number(page), perPage: Number(perPage), totalItems: -1, totalPages: -1 });
});

app.post("/api/collections/posts/records", (request, response) => {
  const { row, problems } = read(request.body);
  if (problems) return refuse(response, 400, "Failed to create record.", problems);
  insertPost.run(...Object.values(row));
  response.json(record("posts", row));
});

app.post("/api/collections/notes/records", signedIn, (request, response) => {
  if (!request.user || request.body.owner !== request.user.id) {
    return refuse(response, 400, "Failed to create record.");
  }
  const { row, problems } = read(request.body);
  if (problems) return refuse(response, 400, "Failed to create record.", problems);
  insertNote.run(...Object.values(row), request.user.id);
  response.json({ ...record("notes", row), owner: request.user.id });
});

app.post("/forms/bench", express.urlencoded({ extended: false }), (request, response) => {
  const { views, published, ...texts } = request.body;
  const { row, problems } = read({ ...texts, views: Number(views), published: published === "true" });
  if (problems) return response.status(422).send("Please correct the form and send it again.");
  insertPost.run(...Object.values(row));
  response.redirect(303, "/thanks");
});

function signedIn(request, _response, next) {
  try {
    const { id } = jwt.verify(request.headers.authorization ?? "", secret);
    request.user = viewUser.get(id);
  } catch {
    request.user = undefined;
  }
  next();
}

/** Checks what was sent; answers the row in the order of the columns, or what is wrong with it. */
function read(sent) {
  const { title, body = "", category, views = 0, published = false } = sent ?? {};
  const problems = {};
  const text = (value, most) => typeof value === "string" && value.length <= most;
  if (!title) problems.title = { code: "validation_required", message: "Cannot be blank." };
  else if (!text(title, 200)) problems.title = { code: "validation_invalid_value", message: "Invalid value." };
  if (!text(body, 5000)) problems.body = { code: "validation_invalid_value", message: "Invalid value." };
  if (!category || !text(category, 50)) {
    problems.category = { code: "validation_invalid_value", message: "Invalid value." };
  }
  if (!Number.isInteger(views) || views < 0) {
    problems.views = { code: "validation_invalid_value", message: "Invalid value." };
  }
  if (typeof published !== "boolean") {
    problems.published = { code: "validation_invalid_value", message: "Invalid value." };
  }
  if (Object.keys(problems).length > 0) return { problems };
  const id = randomBytes(8).toString("hex").slice(0, 15);
  const created = new Date().toISOString().replace("T", " ");
  const row = { id, title, body, category, views, published: published ? 1 : 0, created, updated: created };
  return { row };
}

function record(table, row) {
  return { collectionId: `pbc_${table}`, collectionName: table, ...row, published: row.published === 1 };
}

function refuse(response, status, message, data = {}) {
  response.status(status).json({ data, message, status });
}

app.listen(Number(port), "127.0.0.1");
