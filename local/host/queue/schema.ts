import type { DatabaseSync } from "node:sqlite";

/**
 * What a receive changes (`messages`) is kept apart from what never changes (`message_bodies`): taking a
 * message of 1 MiB rewrites 100 bytes. The key (queue, seq) is the order of arrival, so the oldest is the first
 * row; `messages_visible` finds what can be received and counts what cannot; `messages_sent` finds what expired;
 * `messages_in_hand` finds what a function is at work on.
 */
export const queueSchema = `
CREATE TABLE IF NOT EXISTS queues (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  attributes TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  modified_at INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS message_bodies (
  id INTEGER PRIMARY KEY,
  body TEXT NOT NULL,
  attributes TEXT,
  sender TEXT
);
CREATE TABLE IF NOT EXISTS messages (
  queue INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  body INTEGER NOT NULL,
  message_id TEXT NOT NULL,
  sent_at INTEGER NOT NULL,
  queued_at INTEGER NOT NULL,
  visible_at INTEGER NOT NULL,
  receive_count INTEGER NOT NULL,
  first_received_at INTEGER,
  dead_letter_source TEXT,
  in_hand INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (queue, seq)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS messages_visible ON messages (queue, visible_at, receive_count);
CREATE INDEX IF NOT EXISTS messages_sent ON messages (queue, sent_at);
CREATE INDEX IF NOT EXISTS messages_in_hand ON messages (queue) WHERE in_hand = 1;
CREATE TABLE IF NOT EXISTS message_move_tasks (
  handle TEXT PRIMARY KEY,
  source_arn TEXT NOT NULL,
  destination_arn TEXT,
  per_second INTEGER,
  last_seq INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  status TEXT NOT NULL,
  moved INTEGER NOT NULL,
  to_move INTEGER NOT NULL,
  failure TEXT
);
`;

/** Version 2 of the host's tables: an earlier one did not say what is in a function's hands. */
export function addInHand(sql: DatabaseSync): void {
  const table = sql
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'messages'")
    .get();
  if (table) sql.exec("ALTER TABLE messages ADD COLUMN in_hand INTEGER NOT NULL DEFAULT 0");
}
