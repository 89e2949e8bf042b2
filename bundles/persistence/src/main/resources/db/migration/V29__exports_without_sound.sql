-- SPDX-License-Identifier: Apache-2.0
-- Whether an export takes the cameras' sound along; those from before do.
alter table export_job add column sound boolean default true not null;
