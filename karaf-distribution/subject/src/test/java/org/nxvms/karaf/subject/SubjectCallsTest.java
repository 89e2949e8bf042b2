// SPDX-License-Identifier: Apache-2.0
package org.nxvms.karaf.subject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.security.PrivilegedAction;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.security.auth.Subject;
import org.apache.karaf.jaas.boot.principal.RolePrincipal;
import org.apache.karaf.jaas.boot.principal.UserPrincipal;
import org.junit.jupiter.api.Test;

/** Karaf's own classes, woven: they know who calls, on every Java this is run with. */
final class SubjectCallsTest {
    private final Class<?> ssh = loaded("org.apache.karaf.util.jaas.JaasHelper");
    private final Class<?> roles = loaded("org.apache.karaf.util.jaas.JaasHelper");
    private final Class<?> shell = loaded("org.apache.karaf.shell.support.ShellUtil");

    @Test
    void whatRunsAsAUserKnowsHimInAnotherBundleToo() {
        assertThat(userName()).isNull();
        assertThat(runAs("ann", this::userName)).isEqualTo("ann");
        assertThat(userName()).as("and afterwards nobody is left").isNull();
    }

    @Test
    void threadsMadeMeanwhileRunAsTheSameUser() throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try {
            assertThat(runAs("ann", () -> pool.submit(this::userName).get())).isEqualTo("ann");
            assertThat(pool.submit(this::userName).get())
                    .as("the pool of a session stays that user's")
                    .isEqualTo("ann");
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void aUserMayBecomeAnotherForAWhile() {
        List<String> seen = new ArrayList<>();
        runAs("ann", () -> {
            seen.add(runAs("bob", this::userName));
            seen.add(userName());
            return null;
        });
        assertThat(seen).containsExactly("bob", "ann");
    }

    @Test
    void rolesAreThoseOfTheUser() throws Exception {
        assertThat(hasRole("admin")).isFalse();
        runAs("ann", () -> {
            assertThat(hasRole("admin")).isTrue();
            assertThat(hasRole("systembundles")).isFalse();
            return null;
        });
    }

    @Test
    void failuresPassAsJavaPromised() throws Exception {
        assertThatThrownBy(() -> runAs("ann", () -> {
                    throw new IOException("no disk");
                }))
                .isInstanceOf(PrivilegedActionException.class)
                .hasCauseInstanceOf(IOException.class);
        assertThatThrownBy(() -> runAs("ann", () -> {
                    throw new IllegalStateException("closed");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(userName()).as("nobody is left after a failure").isNull();
    }

    @Test
    void anActionWithoutCheckedExceptionsIsTheSame() throws Exception {
        PrivilegedAction<String> action = this::userName;
        assertThat(ssh.getMethod("doAs", Subject.class, PrivilegedAction.class).invoke(null, subject("ann"), action))
                .isEqualTo("ann");
    }

    private String userName() {
        try {
            return (String) shell.getMethod("getCurrentUserName").invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private boolean hasRole(String role) throws ReflectiveOperationException {
        return (boolean) roles.getMethod("currentUserHasRole", String.class).invoke(null, role);
    }

    @SuppressWarnings("unchecked")
    private <T> T runAs(String user, PrivilegedExceptionAction<T> action) {
        try {
            return (T) ssh.getMethod("doAs", Subject.class, PrivilegedExceptionAction.class)
                    .invoke(null, subject(user), action);
        } catch (InvocationTargetException e) {
            throw SubjectCallsTest.<RuntimeException>asItIs(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> E asItIs(Throwable thrown) throws E {
        throw (E) thrown;
    }

    private static Subject subject(String user) {
        Subject subject = new Subject();
        subject.getPrincipals().add(new UserPrincipal(user));
        subject.getPrincipals().add(new RolePrincipal("admin"));
        return subject;
    }

    private static Class<?> loaded(String name) {
        try {
            return new KarafBundle().loadClass(name);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }
}
