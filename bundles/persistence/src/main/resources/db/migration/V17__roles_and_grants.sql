-- SPDX-License-Identifier: Apache-2.0
-- Roles that can be edited, and where users have them beside everywhere. The role of app_user is the one a user has
-- everywhere, so that users keep what they may. The rights of the role administrator are all there are, whatever is stored.
create table access_role (
  name varchar(40) primary key,
  description varchar(500) not null,
  permissions varchar(2000) not null,
  second_factor boolean not null,
  ptz_priority integer not null,
  version bigint not null
);
insert into access_role (name, description, permissions, second_factor, ptz_priority, version) values
  ('administrator', 'Everything, everywhere', '', false, 100, 1),
  ('operator', 'Watches, controls cameras and records by hand',
   'view_live,view_archive,listen,talk,control_ptz,control_imaging,control_io,control_recording,view_events,raise_events,view_configuration,view_health',
   false, 50, 1),
  ('viewer', 'Watches and listens, live and recorded', 'view_live,view_archive,listen,view_events', false, 10, 1),
  ('guest', 'Nothing but what is granted at single places', '', false, 0, 1);
insert into access_role (name, description, permissions, second_factor, ptz_priority, version)
  select distinct u.role, 'From an earlier version, which did not know it', '', false, 0, 1
  from app_user u where u.role not in (select r.name from access_role r);
alter table app_user add constraint app_user_role foreign key (role) references access_role (name);

create table access_grant (
  id varchar(36) primary key,
  user_id varchar(36) not null references app_user (id) on delete cascade,
  role varchar(40) not null references access_role (name),
  scope varchar(220) not null,
  denied boolean not null,
  created_ms bigint not null
);
create unique index access_grant_once on access_grant (user_id, role, scope);
create index access_grant_role on access_grant (role);

-- One right has become four, and some footage has sound: keys keep what they may.
update api_key set scopes = replace(scopes, 'control_camera', 'talk,control_ptz,control_imaging,control_io')
  where scopes like '%control_camera%';
update api_key set scopes = scopes || ',listen' where scopes like '%view_live%' or scopes like '%view_archive%';
update api_key set scopes = scopes || ',lock_evidence,delete_footage' where scopes like '%manage_storage%';
update api_key set scopes = scopes || ',manage_webhooks' where scopes like '%manage_plugins%';
