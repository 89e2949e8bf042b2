-- SPDX-License-Identifier: Apache-2.0
-- When a camera's streams are recorded: modes of single streams, the weekly schedule, and events with the time around them.
alter table camera add column recording_stream_modes varchar(100) default '' not null;
alter table camera add column recording_schedule varchar(16000);
alter table camera add column trigger_kinds varchar(6000)
    default 'camera.input,camera.manual,camera.motion,camera.tamper' not null;
alter table camera add column pre_buffer_seconds integer default 5 not null;
alter table camera add column post_buffer_seconds integer default 10 not null;
