// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.ldap;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPConnectionOptions;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SimpleBindRequest;
import com.unboundid.ldap.sdk.extensions.StartTLSExtendedRequest;
import com.unboundid.util.ssl.HostNameSSLSocketVerifier;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;

/**
 * Connections to the first server of the directory that answers, one for each question: people sign in seldom, and a
 * connection that lies idle for an hour is what directories and firewalls like to drop. Any thread.
 */
final class Connections {
    /** A person with all groups has some kilobytes. */
    private static final int ANSWER_BYTES_MAX = 1 << 20;

    private static final long PASSED_OVER_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final List<DirectoryServer> servers;
    private final boolean startTls;
    private final Trust trust;
    private final String bindDn;
    private final String bindPassword;

    /** When a server failed last; it is asked after the others for a while. */
    private final Map<DirectoryServer, Long> failed = new ConcurrentHashMap<>();

    Connections(LdapSettings settings, String bindPassword) {
        this.servers = DirectoryServer.all(settings.urls(), !settings.startTls(), settings.plainAllowed());
        this.startTls = settings.startTls();
        this.trust = new Trust(settings.trustFile());
        this.bindDn = settings.bindDn();
        this.bindPassword = bindPassword;
        if (!bindDn.isEmpty() && bindPassword.isEmpty()) {
            throw new IllegalArgumentException(
                    "bindPassword is empty: directories take that for nobody in particular (RFC 4513 5.1.2)");
        }
    }

    /**
     * {@return a connection that is encrypted, to the host that the address names, and signed in by the server's account}
     *
     * @throws LDAPException naming the server; of the last one when none answers
     */
    LDAPConnection open(Deadline deadline) throws LDAPException {
        LDAPException last = null;
        for (DirectoryServer server : inOrder()) {
            if (last != null && deadline.isOver()) {
                break;
            }
            try {
                LDAPConnection connection = open(server, deadline);
                failed.remove(server);
                return connection;
            } catch (LDAPException e) {
                failed.put(server, System.nanoTime());
                last = new LDAPException(e.getResultCode(), server + ": " + e.getMessage(), e);
            }
        }
        throw last;
    }

    private List<DirectoryServer> inOrder() {
        long now = System.nanoTime();
        List<DirectoryServer> well = new ArrayList<>();
        List<DirectoryServer> unwell = new ArrayList<>();
        for (DirectoryServer server : servers) {
            Long since = failed.get(server);
            (since == null || now - since > PASSED_OVER_NANOS ? well : unwell).add(server);
        }
        well.addAll(unwell);
        return well;
    }

    private LDAPConnection open(DirectoryServer server, Deadline deadline) throws LDAPException {
        try {
            LDAPConnectionOptions options = options(deadline);
            if (server.tlsAtOnce()) {
                TlsSockets sockets = new TlsSockets(trust.context(), server.host(), deadline.stepMs());
                return begun(connected(sockets, options, server), deadline);
            }
            SSLContext tls = startTls ? trust.context() : null;
            LDAPConnection connection = connected(SocketFactory.getDefault(), options, server);
            if (tls != null) {
                encrypt(connection, tls, deadline);
            }
            return begun(connection, deadline);
        } catch (IOException | GeneralSecurityException e) {
            throw new LDAPException(ResultCode.LOCAL_ERROR, "trustFile cannot be used: " + e.getMessage(), e);
        }
    }

    private static LDAPConnection connected(
            SocketFactory sockets, LDAPConnectionOptions options, DirectoryServer server) throws LDAPException {
        try {
            return new LDAPConnection(sockets, options, server.host(), server.port());
        } catch (LDAPException e) {
            // Of the library's long sentence people need the end.
            Throwable reason = e;
            while (reason.getCause() != null) {
                reason = reason.getCause();
            }
            String text = reason.getMessage() == null ? reason.toString() : reason.getMessage();
            throw new LDAPException(e.getResultCode(), text, e);
        }
    }

    private static LDAPConnectionOptions options(Deadline deadline) {
        LDAPConnectionOptions options = new LDAPConnectionOptions();
        options.setConnectTimeoutMillis(deadline.stepMs());
        options.setResponseTimeoutMillis(deadline.stepMs());
        // No thread of its own reads the answers.
        options.setUseSynchronousMode(true);
        options.setFollowReferrals(false);
        options.setMaxMessageSize(ANSWER_BYTES_MAX);
        options.setSSLSocketVerifier(new HostNameSSLSocketVerifier(true));
        return options;
    }

    private static void encrypt(LDAPConnection connection, SSLContext tls, Deadline deadline) throws LDAPException {
        try {
            StartTLSExtendedRequest request = new StartTLSExtendedRequest(tls);
            request.setResponseTimeoutMillis(deadline.stepMs());
            ResultCode code = connection.processExtendedOperation(request).getResultCode();
            if (code != ResultCode.SUCCESS) {
                throw new LDAPException(code, "StartTLS is refused");
            }
        } catch (LDAPException e) {
            connection.close();
            throw new LDAPException(e.getResultCode(), "no encryption by StartTLS: " + e.getMessage(), e);
        }
    }

    private LDAPConnection begun(LDAPConnection connection, Deadline deadline) throws LDAPException {
        try {
            signIn(connection, deadline);
            return connection;
        } catch (LDAPException e) {
            connection.close();
            throw e;
        }
    }

    /** As before somebody's password was tried on this connection. */
    void signBackIn(LDAPConnection connection, Deadline deadline) throws LDAPException {
        if (bindDn.isEmpty()) {
            SimpleBindRequest anonymously = new SimpleBindRequest();
            anonymously.setResponseTimeoutMillis(deadline.stepMs());
            connection.bind(anonymously);
        }
        signIn(connection, deadline);
    }

    private void signIn(LDAPConnection connection, Deadline deadline) throws LDAPException {
        if (bindDn.isEmpty()) {
            return;
        }
        try {
            bind(connection, bindDn, bindPassword, deadline);
        } catch (LDAPException e) {
            throw new LDAPException(
                    e.getResultCode(), "the server's account (bindDn, bindPassword) is refused: " + e.getMessage(), e);
        }
    }

    static void bind(LDAPConnection connection, String dn, String password, Deadline deadline) throws LDAPException {
        SimpleBindRequest request = new SimpleBindRequest(dn, password);
        request.setResponseTimeoutMillis(deadline.stepMs());
        connection.bind(request);
    }
}
