-- SPDX-License-Identifier: Apache-2.0
-- Whether what a camera recorded itself is fetched, without being asked for, when it was not reached.
alter table camera add column fill_gaps boolean default false not null;
