// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell.login;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import org.apache.karaf.jaas.boot.ProxyLoginModule;
import org.apache.karaf.jaas.config.JaasRealm;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.PasswordSignIn;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.security.UserDirectory;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Karaf's realm with the server's users in it. It stands before Karaf's own and takes over what that has, which is the key
 * in {@code keys/shell}: so that nobody is locked out while users cannot be checked, or this bundle is exchanged.
 *
 * <p>A shell can do everything, bundles and files included. So it is for those who may manage everything.
 */
@Component(service = JaasRealm.class, property = "nxvms.realm:Boolean=true")
public final class ShellRealm implements JaasRealm {
    /** Under what the login module finds this. */
    static final String OPTION = ShellRealm.class.getName();

    private static final String WAY = "shell";
    private static final List<Permission> NEEDED = List.of(
            Permission.MANAGE_CAMERAS, Permission.MANAGE_USERS, Permission.MANAGE_STORAGE, Permission.MANAGE_PLUGINS);

    private final long bundleId;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY, target = "(!(nxvms.realm=true))")
    private volatile JaasRealm karaf;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile PasswordSignIn signIn;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile UserDirectory users;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile AccessGuard guard;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile AuditTrail audit;

    @Activate
    public ShellRealm(BundleContext context) {
        bundleId = context.getBundle().getBundleId();
    }

    ShellRealm(JaasRealm karaf, PasswordSignIn signIn, UserDirectory users, AccessGuard guard, AuditTrail audit) {
        this.bundleId = 1;
        this.karaf = karaf;
        this.signIn = signIn;
        this.users = users;
        this.guard = guard;
        this.audit = audit;
    }

    @Override
    public String getName() {
        return "karaf";
    }

    /** One more than Karaf's own; the higher one is asked. */
    @Override
    public int getRank() {
        return 1;
    }

    @Override
    public AppConfigurationEntry[] getEntries() {
        AppConfigurationEntry users = new AppConfigurationEntry(
                ProxyLoginModule.class.getName(),
                LoginModuleControlFlag.OPTIONAL,
                Map.of(
                        ProxyLoginModule.PROPERTY_MODULE,
                        ShellLoginModule.class.getName(),
                        ProxyLoginModule.PROPERTY_BUNDLE,
                        Long.toString(bundleId),
                        OPTION,
                        this));
        JaasRealm own = karaf;
        return own == null
                ? new AppConfigurationEntry[] {users}
                : Stream.concat(Stream.of(own.getEntries()), Stream.of(users)).toArray(AppConfigurationEntry[]::new);
    }

    /** @throws AccessDeniedException when it is not the user, or one who does not manage everything */
    ShellUser admit(String username, String password, String address) throws AccessDeniedException {
        PasswordSignIn proving = signIn;
        AccessGuard judging = guard;
        if (proving == null || judging == null) {
            throw new AccessDeniedException(
                    AccessDeniedException.Kind.UNAUTHENTICATED,
                    "Users cannot be checked now; the key in NXVMS_DATA/keys/shell works.");
        }
        // Before the password is compared: when another one comes meanwhile, the shell ends.
        Map<UUID, String> before = stamps(username);
        AuthenticatedUser user = proving.signIn(username, password, address, WAY);
        try {
            requireAll(judging, user);
            return new ShellUser(user.id(), user.username(), stamp(before, user.id()));
        } catch (AccessDeniedException e) {
            noteRefused(user, address);
            throw e;
        }
    }

    /** {@return the stamps of whoever is meant by a name} */
    private Map<UUID, String> stamps(String username) {
        Map<UUID, String> stamps = new HashMap<>();
        UserDirectory directory = users;
        if (directory != null) {
            for (UserDirectory.User user : directory.list()) {
                if (user.username().equalsIgnoreCase(username)) {
                    directory.stamp(user.id()).ifPresent(stamp -> stamps.put(user.id(), stamp));
                }
            }
        }
        return stamps;
    }

    /** Of who was not there before, as people from outside at their first sign-in, the stamp is that of now. */
    private Optional<String> stamp(Map<UUID, String> before, UUID id) {
        UserDirectory directory = users;
        return Optional.ofNullable(before.get(id)).or(() -> directory == null ? Optional.empty() : directory.stamp(id));
    }

    /** Requires what a shell needs. */
    static void requireAll(AccessGuard judging, AuthenticatedUser user) throws AccessDeniedException {
        for (Permission permission : NEEDED) {
            judging.require(user, permission, Optional.empty());
        }
    }

    private void noteRefused(AuthenticatedUser user, String address) {
        AuditTrail trail = audit;
        if (trail != null) {
            trail.note(new AuditNote(
                    "shell.refused",
                    false,
                    AuditNote.Actor.of(user, address),
                    "",
                    Map.of(),
                    Map.of("refused", "too_few_rights")));
        }
    }
}
