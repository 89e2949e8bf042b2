-- SPDX-License-Identifier: Apache-2.0
-- Sign-ins as people see them: since when, seen when and from where. The id is the family of the sign-in's refresh tokens.
create table user_session (
  id varchar(36) primary key,
  user_id varchar(36) not null references app_user (id) on delete cascade,
  begun_ms bigint not null,
  seen_ms bigint not null,
  address varchar(100) not null,
  client varchar(200) not null
);
create index user_session_user on user_session (user_id, seen_ms);

-- Of those from before it is not known from where; their tokens were made for 30 days unless a setting said otherwise.
insert into user_session (id, user_id, begun_ms, seen_ms, address, client)
  select family, min(user_id), min(expires_ms) - 2592000000, max(expires_ms) - 2592000000, '', ''
  from refresh_token group by family;
