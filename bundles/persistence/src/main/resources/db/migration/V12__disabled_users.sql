-- SPDX-License-Identifier: Apache-2.0
-- Users who may not sign in for now. The epoch is part of what access tokens are checked against: it counts up when a
-- user is disabled, so that no token from before is good again when the user is enabled.
alter table app_user add column disabled boolean default false not null;
alter table app_user add column token_epoch integer default 0 not null;
