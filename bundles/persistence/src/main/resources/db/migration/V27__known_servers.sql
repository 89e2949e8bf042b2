-- SPDX-License-Identifier: Apache-2.0
-- Other servers that a user knows, read and written whole: "address name", a line each.
create table known_servers (
  user_id varchar(36) primary key references app_user (id) on delete cascade,
  version bigint not null,
  content varchar(8000) not null
);
