const ROW = "seq, body, message_id, sent_at, receive_count, first_received_at, dead_letter_source";

const UNDO_RECEIVE = `visible_at = ?, in_hand = 0, receive_count = receive_count - 1,
    first_received_at = CASE WHEN receive_count > 1 THEN first_received_at END`;

/** The statements of `MessageTable`. Each goes by one of the indexes of schema.ts. */
export const messageSql = {
  lastSeq: "SELECT max((SELECT max(seq) FROM messages WHERE queue = queues.id)) AS last FROM queues",
  insertBody: "INSERT INTO message_bodies (body, attributes, sender) VALUES (?, ?, ?)",
  insert: `INSERT INTO messages (queue, seq, body, message_id, sent_at, queued_at, visible_at, receive_count)
    VALUES (?, ?, ?, ?, ?, ?, ?, 0)`,
  visible: `SELECT ${ROW} FROM messages WHERE queue = ? AND visible_at <= ? AND sent_at > ?
    ORDER BY visible_at LIMIT ?`,
  movable: `SELECT ${ROW} FROM messages WHERE queue = ? AND seq <= ? AND visible_at <= ? ORDER BY seq LIMIT ?`,
  content: "SELECT body, attributes, sender FROM message_bodies WHERE id = ?",
  receive: `UPDATE messages SET visible_at = ?, receive_count = receive_count + 1,
    first_received_at = coalesce(first_received_at, ?), in_hand = ? WHERE queue = ? AND seq = ?`,
  deadLetter: `UPDATE messages SET queue = ?, seq = ?, queued_at = ?, visible_at = ?, dead_letter_source = ?, in_hand = 0
    WHERE queue = ? AND seq = ?`,
  renew: `UPDATE messages SET queue = ?, seq = ?, message_id = ?, sent_at = ?, queued_at = ?, visible_at = ?,
    receive_count = 0, first_received_at = NULL, dead_letter_source = NULL, in_hand = 0 WHERE queue = ? AND seq = ?`,
  find: "SELECT message_id, receive_count, visible_at FROM messages WHERE queue = ? AND seq = ?",
  setVisible: "UPDATE messages SET visible_at = ? WHERE queue = ? AND seq = ?",
  letGo:
    "UPDATE messages SET in_hand = 0 WHERE queue = ? AND seq = ? AND message_id = ? AND receive_count = ?",
  giveBack: `UPDATE messages SET ${UNDO_RECEIVE} WHERE queue = ? AND seq = ? AND message_id = ? AND receive_count = ?`,
  giveBackAll: `UPDATE messages SET ${UNDO_RECEIVE} WHERE queue = ? AND in_hand = 1`,
  remove: `DELETE FROM messages WHERE queue = ? AND seq = ? AND message_id = ? AND receive_count = ?
    RETURNING body`,
  removeBody: "DELETE FROM message_bodies WHERE id = ?",
  expired: "SELECT seq, body FROM messages WHERE queue = ? AND sent_at <= ? LIMIT ?",
  removeExpired: "DELETE FROM messages WHERE queue = ? AND seq = ?",
  queueAfter: "SELECT queue FROM messages WHERE queue > ? ORDER BY queue LIMIT 1",
  total: "SELECT count(*) AS n FROM messages WHERE queue = ?",
  hidden: `SELECT count(*) FILTER (WHERE receive_count > 0) AS inFlight,
    count(*) FILTER (WHERE receive_count = 0) AS delayed FROM messages WHERE queue = ? AND visible_at > ?`,
  oldest: "SELECT queued_at AS at FROM messages WHERE queue = ? ORDER BY seq LIMIT 1",
  nextVisible: "SELECT min(visible_at) AS at FROM messages WHERE queue = ?",
};
