// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.ldap;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Where the directory is and what it looks like; {@code etc/org.nxvms.integration.ldap.cfg}. */
@ObjectClassDefinition(name = "NXvms LDAP", description = "People of a directory sign in")
@interface LdapSettings {
    @AttributeDefinition(
            name = "Addresses",
            description =
                    "ldaps://HOST or ldap://HOST (encrypted by StartTLS before anything is said), up to 5 separated by"
                            + " blanks; the first that answers is asked")
    String urls() default "";

    @AttributeDefinition(
            name = "StartTLS",
            description =
                    "false: an ldap:// address is spoken to in the clear; only to this machine, or with plainAllowed")
    boolean startTls() default true;

    @AttributeDefinition(
            name = "In the clear",
            description = "true: passwords may cross the network unencrypted. Do not")
    boolean plainAllowed() default false;

    @AttributeDefinition(
            name = "Trusted authority",
            description =
                    "PEM file of the certificates that the directory's may be issued by, or of its own; empty: those"
                            + " that the Java in use trusts")
    String trustFile() default "";

    @AttributeDefinition(
            name = "Name of the server's account",
            description = "DN by which people and groups are read; empty: anonymously")
    String bindDn() default "";

    @AttributeDefinition(
            name = "Password of the server's account",
            type = AttributeType.PASSWORD,
            description = "Replaced in the file by its sealed form")
    String bindPassword() default "";

    @AttributeDefinition(name = "People below", description = "DN such as ou=people,dc=example")
    String peopleBase() default "";

    @AttributeDefinition(
            name = "Name of a person's entry",
            description = "Instead of searching: DN with {0} for the name that was typed, such as"
                    + " uid={0},ou=people,dc=example")
    String personDn() default "";

    @AttributeDefinition(
            name = "Filter for a person",
            description = "{0} is the name that was typed. It must leave out who is locked, or they stay in. Active"
                    + " Directory: (&(objectClass=user)(sAMAccountName={0})(!(userAccountControl:1.2.840.113556.1.4.803:=2)));"
                    + " OpenLDAP: (&(objectClass=person)(uid={0})(!(pwdAccountLockedTime=*)))")
    String personFilter() default "(&(objectClass=person)(uid={0}))";

    @AttributeDefinition(
            name = "Attribute of the name",
            description = "As the user is called here. Active Directory: sAMAccountName")
    String usernameAttribute() default "uid";

    @AttributeDefinition(
            name = "Attribute that never changes",
            description = "Names the person for good. Active Directory: objectGUID")
    String subjectAttribute() default "entryUUID";

    @AttributeDefinition(name = "Groups below", description = "DN; empty: groups are not searched")
    String groupsBase() default "";

    @AttributeDefinition(
            name = "Filter for groups",
            description = "{0} is the person's DN, {1} the name. Groups in groups of Active Directory:"
                    + " (member:1.2.840.113556.1.4.1941:={0})")
    String groupFilter() default "(member={0})";

    @AttributeDefinition(
            name = "Attribute of groups",
            description = "Of a person's entry, with the DNs of the groups, such as memberOf; empty: none")
    String memberOfAttribute() default "";

    @AttributeDefinition(
            name = "Needed group",
            description = "Who is not in it does not come in, whatever the role; empty: none is needed")
    String requiredGroup() default "";

    @AttributeDefinition(
            name = "Roles",
            description =
                    "GROUP=ROLE separated by semicolons, such as vms-admins=administrator; guards=operator. A group"
                            + " by its DN as the directory writes it, or, directly below groupsBase, by its common name. The first"
                            + " that fits counts; who is in none does not come in")
    String roles() default "";

    @AttributeDefinition(
            name = "Time limit in seconds",
            description = "For one step; a question to the directory takes three times that at most",
            min = "1",
            max = "30")
    int timeoutSeconds() default 5;
}
