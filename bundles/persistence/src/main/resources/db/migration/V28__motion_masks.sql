-- SPDX-License-Identifier: Apache-2.0
-- Parts of a camera's picture that count as no motion, read and written whole: "x,y x,y x,y", a line each.
create table motion_mask (
  camera_id varchar(36) primary key references camera (id) on delete cascade,
  version bigint not null,
  content varchar(26000) not null
);
