-- SPDX-License-Identifier: Apache-2.0
-- Who did what. Each server has a chain of its own: the hash of an entry covers the one before, by a key that is not in
-- the database. Nothing refers to other tables: an entry outlives the user it is about.
create table audit_entry (
  server_id varchar(36) not null,
  sequence_no bigint not null,
  at_ms bigint not null,
  action varchar(100) not null,
  done boolean not null,
  actor_id varchar(36),
  actor_name varchar(100) not null,
  actor_key varchar(100) not null,
  api_key varchar(36),
  address varchar(100) not null,
  subject varchar(300) not null,
  before_json varchar(8000) not null,
  after_json varchar(8000) not null,
  hash varchar(64) not null,
  primary key (server_id, sequence_no)
);
create index audit_entry_at on audit_entry (at_ms, server_id, sequence_no);
create index audit_entry_actor on audit_entry (actor_key, at_ms);
