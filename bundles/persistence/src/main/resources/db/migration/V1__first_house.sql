-- SPDX-License-Identifier: Apache-2.0
-- Runs on H2 and PostgreSQL. Ids are UUIDs as text, times are microseconds (_us) or milliseconds (_ms)
-- since 1970 UTC, so that both databases and every driver agree.

create table server (
  server_id varchar(36) primary key,
  name varchar(200) not null,
  seen_ms bigint not null
);

create table camera (
  id varchar(36) primary key,
  version bigint not null,
  server_id varchar(36) not null,
  name varchar(200) not null,
  driver varchar(40) not null,
  address varchar(2048) not null,
  sub_address varchar(2048),
  username varchar(200),
  sealed_password varchar(4000),
  enabled boolean not null,
  group_name varchar(200),
  recording_mode varchar(40) not null,
  recording_streams varchar(200) not null,
  retention_days_max integer not null,
  created_ms bigint not null,
  updated_ms bigint not null,
  endpoints varchar(16000)
);

create table camera_setting (
  camera_id varchar(36) not null references camera (id) on delete cascade,
  name varchar(100) not null,
  setting varchar(4000) not null,
  primary key (camera_id, name)
);

create table app_user (
  id varchar(36) primary key,
  username varchar(200) not null,
  username_key varchar(200) not null unique,
  role varchar(40) not null,
  password_hash varchar(1000) not null,
  must_change_password boolean not null,
  created_ms bigint not null
);

create table refresh_token (
  hash varchar(128) primary key,
  user_id varchar(36) not null references app_user (id) on delete cascade,
  family varchar(36) not null,
  expires_ms bigint not null,
  used_ms bigint
);
create index refresh_token_family on refresh_token (family);
create index refresh_token_user on refresh_token (user_id);
create index refresh_token_expires on refresh_token (expires_ms);

create table chunk (
  id varchar(36) primary key,
  camera_id varchar(36) not null,
  stream varchar(20) not null,
  server_id varchar(36) not null,
  volume_id varchar(36) not null,
  path varchar(512) not null,
  run_id varchar(36) not null,
  sequence_in_run integer not null,
  start_us bigint not null,
  end_us bigint not null,
  size_bytes bigint not null,
  init_id varchar(64) not null,
  init_bytes integer not null,
  codecs varchar(200) not null,
  width integer not null,
  height integer not null,
  has_audio boolean not null,
  clock_source varchar(40) not null,
  access_units bigint not null,
  sha256 varchar(64),
  retention_days_max integer not null,
  expires_us bigint not null
);
-- A range query starts at the first chunk that ends after it.
create index chunk_stream_end on chunk (camera_id, stream, end_us);
create index chunk_stream_start on chunk (camera_id, stream, start_us);
create index chunk_volume_start on chunk (volume_id, start_us);
create index chunk_volume_expires on chunk (volume_id, expires_us);
create unique index chunk_volume_path on chunk (volume_id, path);
create index chunk_volume_size on chunk (volume_id, size_bytes);
create index chunk_init on chunk (init_id);

create table gap (
  id varchar(36) primary key,
  camera_id varchar(36) not null,
  stream varchar(20) not null,
  from_us bigint not null,
  to_us bigint,
  cause varchar(40) not null,
  detail varchar(1000) not null
);
create index gap_stream_from on gap (camera_id, stream, from_us);
create index gap_to on gap (to_us);
