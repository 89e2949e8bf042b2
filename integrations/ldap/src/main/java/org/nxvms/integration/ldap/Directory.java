// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.ldap;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPSearchException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.nxvms.platform.api.security.OutsideIdentity;

/** One LDAP directory (RFC 4511): who somebody is there, and whether that is the password. Any thread; blocks. */
final class Directory {
    /** What directories say of a password that is wrong, or right and of no use: locked, expired, disabled. */
    private static final Set<ResultCode> NO = Set.of(
            ResultCode.INVALID_CREDENTIALS,
            ResultCode.NO_SUCH_OBJECT,
            ResultCode.INVALID_DN_SYNTAX,
            ResultCode.INAPPROPRIATE_AUTHENTICATION,
            ResultCode.CONSTRAINT_VIOLATION,
            ResultCode.UNWILLING_TO_PERFORM);

    private final String provider;
    private final Connections connections;
    private final Layout layout;
    private final int timeoutSeconds;

    /** @throws IllegalArgumentException naming the setting that cannot work */
    Directory(String provider, LdapSettings settings, String bindPassword) {
        this.provider = provider;
        this.connections = new Connections(settings, bindPassword);
        this.layout = new Layout(settings);
        this.timeoutSeconds = settings.timeoutSeconds();
    }

    /** Finds out whether anybody could be asked now. */
    void probe() throws LDAPException {
        Deadline deadline = Deadline.begin(timeoutSeconds);
        try (LDAPConnection connection = connections.open(deadline)) {
            for (SearchRequest base : layout.bases()) {
                all(connection, base, deadline);
            }
        }
    }

    /**
     * Who has that name and password. An entry that is not there is asked for a password too, so that time does not tell;
     * groups are only looked at when the password is right.
     */
    Optional<OutsideIdentity> check(String username, String password) throws LDAPException {
        // A bind without a password is one of nobody in particular, and succeeds (RFC 4513 5.1.2).
        if (username.isBlank() || password.isEmpty() || username.indexOf('\0') >= 0) {
            return Optional.empty();
        }
        Deadline deadline = Deadline.begin(timeoutSeconds);
        try (LDAPConnection connection = connections.open(deadline)) {
            Optional<String> dn = layout.isByName()
                    ? Optional.of(layout.entryOf(username))
                    : one(connection, layout.byName(username), deadline).map(SearchResultEntry::getDN);
            String asked = dn.orElseGet(() -> layout.nobody("nobody-" + UUID.randomUUID()));
            if (!isPassword(connection, asked, password, deadline) || dn.isEmpty()) {
                return Optional.empty();
            }
            connections.signBackIn(connection, deadline);
            return at(connection, dn.get(), username, deadline);
        }
    }

    /** Who that is by now. */
    Optional<OutsideIdentity> lookUp(OutsideIdentity known) throws LDAPException {
        Deadline deadline = Deadline.begin(timeoutSeconds);
        try (LDAPConnection connection = connections.open(deadline)) {
            if (layout.isByName()) {
                return at(connection, layout.entryOf(known.username()), known.username(), deadline)
                        .filter(now -> now.subject().equals(known.subject()));
            }
            Optional<SearchResultEntry> entry = one(connection, layout.bySubject(known.subject()), deadline);
            Optional<String> username = entry.flatMap(layout::username);
            // It may be there and be no person who comes in any more: the filter knows.
            return username.isPresent()
                    ? at(connection, entry.get().getDN(), username.get(), deadline)
                    : Optional.empty();
        }
    }

    private static boolean isPassword(LDAPConnection connection, String dn, String password, Deadline deadline)
            throws LDAPException {
        try {
            Connections.bind(connection, dn, password, deadline);
            return true;
        } catch (LDAPException e) {
            if (NO.contains(e.getResultCode())) {
                return false;
            }
            throw e;
        }
    }

    private Optional<OutsideIdentity> at(LDAPConnection connection, String dn, String username, Deadline deadline)
            throws LDAPException {
        Optional<SearchResultEntry> entry = one(connection, layout.at(dn, username), deadline);
        return entry.isPresent() ? Optional.of(identity(connection, entry.get(), deadline)) : Optional.empty();
    }

    private OutsideIdentity identity(LDAPConnection connection, SearchResultEntry entry, Deadline deadline)
            throws LDAPException {
        Optional<String> username = layout.username(entry);
        Optional<String> subject = layout.subject(entry)
                .filter(text -> !text.isEmpty() && text.length() <= OutsideIdentity.SUBJECT_LENGTH_MAX);
        if (username.isEmpty() || subject.isEmpty()) {
            throw new LDAPException(ResultCode.NO_SUCH_ATTRIBUTE, layout.missing());
        }
        List<String> groups = new ArrayList<>(layout.groupsIn(entry));
        Optional<SearchRequest> search = layout.groupsOf(entry.getDN(), username.get());
        if (search.isPresent()) {
            all(connection, search.get(), deadline).forEach(group -> groups.add(group.getDN()));
        }
        return new OutsideIdentity(provider, subject.get(), username.get(), layout.roleOf(groups));
    }

    private static Optional<SearchResultEntry> one(LDAPConnection connection, SearchRequest request, Deadline deadline)
            throws LDAPException {
        try {
            List<SearchResultEntry> found = all(connection, request, deadline);
            return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
        } catch (LDAPSearchException e) {
            boolean noOne = e.getResultCode() == ResultCode.SIZE_LIMIT_EXCEEDED
                    || e.getResultCode() == ResultCode.NO_SUCH_OBJECT && request.getScope() == SearchScope.BASE;
            if (noOne) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static List<SearchResultEntry> all(LDAPConnection connection, SearchRequest request, Deadline deadline)
            throws LDAPSearchException {
        request.setResponseTimeoutMillis(deadline.stepMs());
        // A base that is not there is no answer about anybody.
        return connection.search(request).getSearchEntries();
    }
}
