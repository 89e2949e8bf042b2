// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.ldap;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.RDN;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchScope;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.nxvms.platform.api.security.GroupRoles;

/** What the directory looks like: how people and groups are found in it, and which role the groups give. Immutable. */
final class Layout {
    /** Of two nobody knows which one is meant. */
    private static final int PEOPLE_MAX = 2;

    private static final int GROUPS_MAX = 1_000;
    private static final String NAME = "{0}";
    private static final String SECOND = "{1}";
    private static final String GROUP_NAME = "cn";
    private static final String HEX = "hex:";

    private final LdapSettings settings;
    private final GroupRoles roles;
    private final GroupRoles required;

    /** @throws IllegalArgumentException naming the setting that cannot work */
    Layout(LdapSettings settings) {
        this.settings = settings;
        this.roles = setting("roles", () -> GroupRoles.parse(settings.roles()));
        // A group that is needed is found as those that give roles are.
        this.required = setting(
                "requiredGroup",
                () -> GroupRoles.parse(settings.requiredGroup().isBlank() ? "" : settings.requiredGroup() + "=needed"));
        if (roles.isEmpty()) {
            throw new IllegalArgumentException(
                    "roles is empty, so nobody could come in; write it like guards=operator");
        }
        if (settings.groupsBase().isEmpty() && settings.memberOfAttribute().isEmpty()) {
            throw new IllegalArgumentException("groupsBase and memberOfAttribute are empty: give one of them");
        }
        if (settings.peopleBase().isEmpty() == settings.personDn().isEmpty()) {
            throw new IllegalArgumentException("peopleBase or personDn must be given, and not both");
        }
        setting("personFilter", () -> named(settings.personFilter(), "x", ""));
        setting("groupFilter", () -> named(settings.groupFilter(), "x", "x"));
        setting("peopleBase", () -> new DN(settings.peopleBase()));
        setting("groupsBase", () -> new DN(settings.groupsBase()));
        setting("bindDn", () -> new DN(settings.bindDn()));
        if (isByName()) {
            if (!settings.personDn().contains(NAME)) {
                throw new IllegalArgumentException("personDn must contain {0} for the name");
            }
            setting("personDn", () -> new DN(entryOf("x")));
        }
    }

    private interface Reading<T> {
        T read() throws LDAPException;
    }

    private static <T> T setting(String name, Reading<T> reading) {
        try {
            return reading.read();
        } catch (LDAPException | IllegalArgumentException e) {
            throw new IllegalArgumentException(name + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** {@return whether a person's entry is known by the name, without a search} */
    boolean isByName() {
        return !settings.personDn().isEmpty();
    }

    /** {@return the DN of who typed that name (RFC 4514 2.4: the name cannot become more than a value)} */
    String entryOf(String username) {
        String escaped = new RDN("x", username).toString().substring("x=".length());
        return settings.personDn().replace(NAME, escaped);
    }

    /** {@return an entry that nobody has: asked for in the place of one that is not there} */
    String nobody(String name) {
        return new RDN(GROUP_NAME, name) + "," + settings.peopleBase();
    }

    /** Who typed that name, wherever below. */
    SearchRequest byName(String username) throws LDAPException {
        return people(settings.peopleBase(), SearchScope.SUB, named(settings.personFilter(), username, ""));
    }

    /** The entry, if it is still one of a person by that name. */
    SearchRequest at(String dn, String username) throws LDAPException {
        return people(dn, SearchScope.BASE, named(settings.personFilter(), username, ""));
    }

    SearchRequest bySubject(String subject) {
        Filter filter = subject.startsWith(HEX)
                ? Filter.createEqualityFilter(
                        settings.subjectAttribute(), HexFormat.of().parseHex(subject.substring(HEX.length())))
                : Filter.createEqualityFilter(settings.subjectAttribute(), subject);
        return people(settings.peopleBase(), SearchScope.SUB, filter);
    }

    /** {@return what must be there for anything to be found} */
    List<SearchRequest> bases() {
        return Stream.of(settings.peopleBase(), settings.groupsBase())
                .filter(base -> !base.isEmpty())
                .map(base -> new SearchRequest(
                        base,
                        SearchScope.BASE,
                        Filter.createPresenceFilter("objectClass"),
                        SearchRequest.NO_ATTRIBUTES))
                .toList();
    }

    private SearchRequest people(String base, SearchScope scope, Filter filter) {
        List<String> attributes = new ArrayList<>(List.of(settings.usernameAttribute(), settings.subjectAttribute()));
        if (!settings.memberOfAttribute().isEmpty()) {
            attributes.add(settings.memberOfAttribute());
        }
        SearchRequest request = new SearchRequest(base, scope, filter, attributes.toArray(String[]::new));
        request.setSizeLimit(PEOPLE_MAX);
        return request;
    }

    /** {@return how the groups of somebody are searched; empty when they stand in the person's entry} */
    Optional<SearchRequest> groupsOf(String dn, String username) throws LDAPException {
        if (settings.groupsBase().isEmpty()) {
            return Optional.empty();
        }
        SearchRequest request = new SearchRequest(
                settings.groupsBase(), SearchScope.SUB, named(settings.groupFilter(), dn, username), GROUP_NAME);
        request.setSizeLimit(GROUPS_MAX);
        return Optional.of(request);
    }

    /** What was typed cannot become a part of the filter's own words (RFC 4515 3). */
    private static Filter named(String template, String first, String second) throws LDAPException {
        // In one pass: a name with {1} in it is a name.
        StringBuilder filled = new StringBuilder();
        int from = 0;
        for (int brace = template.indexOf('{'); brace >= 0; brace = template.indexOf('{', from)) {
            filled.append(template, from, brace);
            String value =
                    template.startsWith(NAME, brace) ? first : template.startsWith(SECOND, brace) ? second : null;
            filled.append(value == null ? "{" : Filter.encodeValue(value));
            from = brace + (value == null ? 1 : NAME.length());
        }
        return Filter.create(filled.append(template.substring(from)).toString());
    }

    Optional<String> username(SearchResultEntry entry) {
        return Optional.ofNullable(entry.getAttributeValue(settings.usernameAttribute()));
    }

    /** Text as it is; what is no text (objectGUID) as digits. */
    Optional<String> subject(SearchResultEntry entry) {
        String text = entry.getAttributeValue(settings.subjectAttribute());
        if (text == null || text.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            return Optional.ofNullable(text);
        }
        return Optional.of(HEX + HexFormat.of().formatHex(entry.getAttributeValueBytes(settings.subjectAttribute())));
    }

    /** {@return the groups that stand in a person's entry, by DN} */
    List<String> groupsIn(SearchResultEntry entry) {
        Attribute groups =
                settings.memberOfAttribute().isEmpty() ? null : entry.getAttribute(settings.memberOfAttribute());
        return groups == null ? List.of() : List.of(groups.getValues());
    }

    /** {@return the role of somebody in these groups, which are DNs} */
    Optional<String> roleOf(List<String> groups) {
        List<String> names = new ArrayList<>();
        for (String group : groups) {
            names.add(group);
            commonName(group).ifPresent(names::add);
        }
        return required.isEmpty() || required.roleOf(names).isPresent() ? roles.roleOf(names) : Optional.empty();
    }

    /** Directly below the base only: further down somebody else may make groups, by the same name too. */
    private Optional<String> commonName(String group) {
        try {
            DN dn = new DN(group);
            boolean near = dn.getParent() != null
                    && !settings.groupsBase().isEmpty()
                    && dn.getParent().equals(new DN(settings.groupsBase()));
            return near && dn.getRDN().hasAttribute(GROUP_NAME)
                    ? Optional.of(dn.getRDN().getAttributeValues()[0])
                    : Optional.empty();
        } catch (LDAPException e) {
            return Optional.empty();
        }
    }

    String missing() {
        return "an entry has no " + settings.usernameAttribute() + " or no " + settings.subjectAttribute()
                + " that the server's account may read";
    }
}
