-- SPDX-License-Identifier: Apache-2.0
-- Whether a server's chunks were compared with the roll-ups of their days since those exist: chunks of before V5 have
-- none until then. Done once, in the background, at the first start.
create table rollup_check (
  server_id varchar(36) primary key,
  checked_us bigint not null
);
