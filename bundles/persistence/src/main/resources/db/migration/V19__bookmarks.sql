-- SPDX-License-Identifier: Apache-2.0
-- Two more rights. Operators get them where the role is as it was made; a role that somebody has edited stays as it is.
update access_role set permissions = permissions || ',export,bookmark' where name = 'operator' and version = 1;

-- Moments and stretches of footage that somebody gave a name to. They outlive cameras and users: nothing refers to those.
-- What is searched is kept in lower case beside what is shown, so that both databases find the same.
create table bookmark (
  id varchar(36) primary key,
  version bigint not null,
  start_us bigint not null,
  end_us bigint not null,
  title varchar(200) not null,
  description varchar(4000) not null,
  searched varchar(9000) not null,
  author_id varchar(36) not null,
  author_name varchar(100) not null,
  created_ms bigint not null,
  updated_ms bigint not null
);
create index bookmark_start on bookmark (start_us, id);

create table bookmark_camera (
  bookmark_id varchar(36) not null references bookmark (id) on delete cascade,
  camera_id varchar(36) not null,
  primary key (bookmark_id, camera_id)
);
create index bookmark_camera_camera on bookmark_camera (camera_id, bookmark_id);

create table bookmark_tag (
  bookmark_id varchar(36) not null references bookmark (id) on delete cascade,
  tag varchar(40) not null,
  primary key (bookmark_id, tag)
);
create index bookmark_tag_tag on bookmark_tag (tag, bookmark_id);
