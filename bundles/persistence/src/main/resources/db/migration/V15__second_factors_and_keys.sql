-- SPDX-License-Identifier: Apache-2.0
-- One-time codes as a second factor. The secret is sealed by a key that is not in the database; the last step is the time
-- slot of the newest code that was taken, so that none is taken twice.
create table user_totp (
  user_id varchar(36) primary key references app_user (id) on delete cascade,
  sealed_secret varchar(1000) not null,
  last_step bigint not null,
  created_ms bigint not null
);

create table recovery_code (
  hash varchar(64) primary key,
  user_id varchar(36) not null references app_user (id) on delete cascade
);
create index recovery_code_user on recovery_code (user_id);

-- Keys of programs: what a user may do, or some of it.
create table api_key (
  id varchar(36) primary key,
  user_id varchar(36) not null references app_user (id) on delete cascade,
  name varchar(100) not null,
  hash varchar(64) not null unique,
  scopes varchar(1000) not null,
  created_ms bigint not null,
  expires_ms bigint not null,
  used_ms bigint
);
create index api_key_user on api_key (user_id);
