// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.ldap;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.nxvms.platform.api.health.HealthCheck;
import org.nxvms.platform.api.security.AuthenticationProvider;
import org.nxvms.platform.api.security.AuthenticationUnavailableException;
import org.nxvms.platform.api.security.OutsideIdentity;
import org.nxvms.platform.api.security.SecretVault;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory as a way in, and how it is. Settings that cannot work keep nobody out but its own people: they are told by
 * the health part {@code ldap} and in the log.
 */
@Component(
        service = {AuthenticationProvider.class, HealthCheck.class},
        configurationPid = LdapProvider.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = LdapSettings.class)
public final class LdapProvider implements AuthenticationProvider, HealthCheck {
    static final String PID = "org.nxvms.integration.ldap";
    static final String ID = "ldap";
    private static final Logger LOG = LoggerFactory.getLogger(LdapProvider.class);
    private static final int PROBE_SECONDS = 30;

    /** What is wrong with one entry is no trouble of the directory. */
    private static final Set<ResultCode> ONE_PERSONS =
            Set.of(ResultCode.NO_SUCH_ATTRIBUTE, ResultCode.REFERRAL, ResultCode.SIZE_LIMIT_EXCEEDED);

    private final BindPassword password;
    private final ConfigurationAdmin admin;
    private final ScheduledExecutorService ctl =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "nxvms-ldap"));

    private volatile Optional<Directory> directory = Optional.empty();

    /** What is wrong with the settings; empty when they can work. */
    private volatile String fault = "";

    /** Why the directory could not be asked last; empty while it answers. */
    private volatile String trouble = "";

    private long troubleNanos;

    @Activate
    public LdapProvider(LdapSettings settings, @Reference SecretVault vault, @Reference ConfigurationAdmin admin) {
        this.password = new BindPassword(vault);
        this.admin = admin;
        configure(settings);
        ctl.scheduleWithFixedDelay(this::probe, 0, PROBE_SECONDS, TimeUnit.SECONDS);
    }

    @Modified
    void modified(LdapSettings settings) {
        configure(settings);
        ctl.execute(this::probe);
    }

    private void configure(LdapSettings settings) {
        try {
            directory = Optional.of(new Directory(ID, settings, password.open(settings.bindPassword())));
            fault = "";
        } catch (IllegalArgumentException e) {
            directory = Optional.empty();
            fault = "etc/" + PID + ".cfg: " + e.getMessage();
            LOG.warn("LDAP: nobody of the directory can sign in: {}", fault);
        }
        ctl.execute(this::seal);
    }

    private void seal() {
        try {
            password.seal(admin, PID);
        } catch (IOException | RuntimeException e) {
            LOG.warn("bindPassword stands in etc/{}.cfg in the clear: it cannot be sealed there", PID, e);
        }
    }

    private void probe() {
        try {
            if (directory.isPresent()) {
                long begun = System.nanoTime();
                directory.get().probe();
                well(begun);
            }
        } catch (LDAPException e) {
            told(sentence(e));
        } catch (RuntimeException e) {
            told("The directory could not be asked: " + e);
        }
    }

    /** Once for each trouble, not for each question. */
    private synchronized void told(String now) {
        if (!now.equals(trouble)) {
            LOG.warn("LDAP: {}", now);
        }
        trouble = now;
        troubleNanos = System.nanoTime();
    }

    /** An answer to a question that was begun before the last trouble says nothing of now. */
    private synchronized void well(long begunNanos) {
        if (!trouble.isEmpty() && begunNanos - troubleNanos > 0) {
            LOG.info("LDAP: the directory answers again");
            trouble = "";
        }
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public Optional<OutsideIdentity> check(String username, String password) throws AuthenticationUnavailableException {
        return ask(asked -> asked.check(username, password));
    }

    @Override
    public Optional<OutsideIdentity> lookUp(OutsideIdentity known) throws AuthenticationUnavailableException {
        return ask(asked -> asked.lookUp(known));
    }

    /** Something that the directory is asked. */
    private interface Question {
        Optional<OutsideIdentity> ask(Directory directory) throws LDAPException;
    }

    private Optional<OutsideIdentity> ask(Question question) throws AuthenticationUnavailableException {
        Directory asked = directory.orElse(null);
        if (asked == null) {
            throw new AuthenticationUnavailableException("LDAP: " + fault);
        }
        long begun = System.nanoTime();
        try {
            Optional<OutsideIdentity> answer = question.ask(asked);
            well(begun);
            return answer;
        } catch (LDAPException e) {
            if (!ONE_PERSONS.contains(e.getResultCode())) {
                told(sentence(e));
            }
            throw new AuthenticationUnavailableException("LDAP: " + sentence(e), e);
        }
    }

    /** The client library's words begin with the server; they hold no password. */
    private static String sentence(LDAPException e) {
        return "The directory cannot be asked: " + e.getMessage() + " (" + e.getResultCode() + ")";
    }

    @Override
    public String name() {
        return ID;
    }

    @Override
    public boolean requiredForReadiness() {
        // Users of the server's own sign in, and everything else goes on.
        return false;
    }

    @Override
    public Result check() {
        String wrong = fault;
        String silent = trouble;
        if (wrong.isEmpty() && silent.isEmpty()) {
            return Result.up();
        }
        String detail =
                (wrong.isEmpty() ? silent : wrong) + ". Its people cannot sign in; sessions go on for some hours,"
                        + " and users of this server's own are not touched.";
        return new Result(Status.DEGRADED, detail, Map.of())
                .found(wrong.isEmpty() ? "ldap_silent" : "ldap_misconfigured");
    }

    @Deactivate
    void close() {
        ctl.shutdownNow();
    }
}
