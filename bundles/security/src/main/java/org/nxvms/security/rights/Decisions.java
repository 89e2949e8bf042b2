// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.rights;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.security.AccessScope;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.Permission;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** What a caller may do where, from memory. An API key has of its user's rights those in its scope. Any thread. */
@Component(service = Decisions.class)
public final class Decisions {
    private final AccessBook book;
    private final Places places;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    volatile CameraRegistry cameras;

    @Activate
    public Decisions(@Reference AccessBook book, @Reference ServerIdentity identity) {
        this.book = book;
        this.places = new Places(identity.serverId(), () -> cameras);
    }

    /** {@return a user's rights as they are now, whatever key is shown} */
    UserRights rights(AuthenticatedUser user) {
        return book.rights(user.id(), user.role());
    }

    /** {@return what a caller may do on this server} */
    public long onServer(AuthenticatedUser user) {
        return within(user, rights(user).at(places.server()));
    }

    /** {@return what a caller may do on a camera} */
    public long on(AuthenticatedUser user, UUID cameraId) {
        UserRights rights = rights(user);
        Optional<AccessScope[]> levels = places.camera(cameraId);
        return within(
                user, levels.isPresent() ? rights.at(levels.get()) : rights.atUnknown(AccessScope.camera(cameraId)));
    }

    /** {@return what a caller may do at a place} */
    public long at(AuthenticatedUser user, AccessScope scope) {
        return scope.type() == AccessScope.Type.CAMERA
                ? on(user, UUID.fromString(scope.id()))
                : within(user, rights(user).at(places.levels(scope).orElseThrow()));
    }

    /**
     * {@return what a caller may do at a place and everywhere below it, and so may give to others there} A group has cameras
     * on other servers too: what is said at a server does not count for it.
     */
    public long reach(AuthenticatedUser user, AccessScope scope) {
        return switch (scope.type()) {
            case CAMERA -> on(user, UUID.fromString(scope.id()));
            case GROUP -> within(user, rights(user).below(Places.ofGroup(scope)));
            case SITE, SERVER ->
                within(user, rights(user).below(places.levels(scope).orElseThrow()));
        };
    }

    /** {@return what a caller may do at one place at least} */
    public long somewhere(AuthenticatedUser user) {
        return within(user, rights(user).somewhere());
    }

    private static long within(AuthenticatedUser user, long bits) {
        return user.apiKey().isEmpty()
                ? bits
                : bits & Bits.of(user.apiKey().get().scope());
    }

    /** {@return whether a role of the user's is for those with a second factor, and the user has none} */
    public boolean mustEnrol(AuthenticatedUser user) {
        return rights(user).lacksSecondFactor();
    }

    /** {@return why a user may do what at a place; empty when it is a camera that is not known} */
    public Optional<List<Verdict>> explain(UUID userId, String role, AccessScope scope) {
        UserRights rights = book.rights(userId, role);
        return places.levels(scope).map(levels -> Stream.of(Permission.values())
                .map(permission -> rights.explain(permission, levels))
                .toList());
    }

    /** {@return the roles a user has everywhere or at some place; not those that are denied there alone} */
    public Set<String> roles(AuthenticatedUser user) {
        return rights(user).statements().stream()
                .filter(statement -> !statement.denied())
                .map(Statement::role)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** {@return the highest priority of the roles by which the user may move the camera; 0 when none} */
    public int ptzPriority(AuthenticatedUser user, UUID cameraId) {
        return places.camera(cameraId)
                .map(levels -> rights(user).explain(Permission.CONTROL_PTZ, levels))
                .filter(Verdict::allowed)
                .flatMap(verdict ->
                        verdict.because().stream().map(Statement::ptzPriority).max(Integer::compare))
                .orElse(0);
    }

    public Rules rules() {
        return book.rules();
    }
}
