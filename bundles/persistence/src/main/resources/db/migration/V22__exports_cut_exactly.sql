-- SPDX-License-Identifier: Apache-2.0
-- Where the footage of an export begins and ends; those from before begin at key frames.
alter table export_job add column cut varchar(20) default 'key_frame' not null;
