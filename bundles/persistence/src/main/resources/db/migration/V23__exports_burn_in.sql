-- SPDX-License-Identifier: Apache-2.0
-- What is burned into the pictures of an export, as JSON; empty for nothing, as in those from before.
alter table export_job add column burn_in varchar(60000) default '' not null;
