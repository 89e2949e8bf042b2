-- SPDX-License-Identifier: Apache-2.0
-- Users whom a provider outside proves (a directory, OpenID Connect), and as whom it knows them. Both are null for users of
-- the server's own.
alter table app_user add column provider varchar(20);
alter table app_user add column subject varchar(255);
create unique index app_user_origin on app_user (provider, subject);
