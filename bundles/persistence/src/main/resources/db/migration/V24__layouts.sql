-- SPDX-License-Identifier: Apache-2.0
-- Walls and tours of walls that people keep. What one shows is read and written whole: "cell camera" joined by commas, of a
-- tour, which has no grid, "layout seconds". They outlive their owners while they are shared: nothing refers to those, nor to
-- cameras.
create table layout (
  id varchar(36) primary key,
  version bigint not null,
  owner_id varchar(36) not null,
  owner_name varchar(100) not null,
  name varchar(60) not null,
  grid varchar(20),
  content varchar(4000) not null,
  locked boolean not null,
  created_ms bigint not null,
  updated_ms bigint not null
);
create unique index layout_name on layout (owner_id, name);
create index layout_created on layout (created_ms, id);

create table layout_role (
  layout_id varchar(36) not null references layout (id) on delete cascade,
  role varchar(40) not null references access_role (name) on delete cascade,
  primary key (layout_id, role)
);
create index layout_role_role on layout_role (role, layout_id);
