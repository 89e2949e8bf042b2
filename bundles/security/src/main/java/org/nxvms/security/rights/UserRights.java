// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.rights;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.nxvms.platform.api.security.AccessScope;
import org.nxvms.platform.api.security.Permission;

/**
 * A user's rights, made ready so that a decision is a look into a map for each level of the tree, without memory of its
 * own. Immutable.
 *
 * <p><b>The rule.</b> For one right at one place the levels from the place up to the site are looked at, the nearest first.
 * The first level at which anything is said of the right decides: it is allowed there if it is granted and not denied, so on
 * one level a denial wins. Where nothing is said it is not allowed.
 *
 * <p>A camera that is not known (any more, or to this server) is in no group and on no server. What is said of it by itself
 * counts; beyond that what is allowed on the site, but for what is denied to the user anywhere, because the camera may have
 * stood, or stand, just there.
 */
public final class UserRights {
    private final Rules rules;
    private final String role;
    private final List<Statement> statements;
    private final Map<AccessScope, Said> said = new HashMap<>();
    private final long deniedSomewhere;
    private final long somewhere;
    private final boolean lacksSecondFactor;

    /** What is said at one place, as sets of rights. */
    private record Said(long allowed, long denied) {
        static final Said NOTHING = new Said(0, 0);

        Said and(Statement more) {
            return more.denied() ? new Said(allowed, denied | more.bits()) : new Said(allowed | more.bits(), denied);
        }

        long about() {
            return allowed | denied;
        }
    }

    UserRights(Rules rules, UUID userId, String role) {
        this.rules = rules;
        this.role = role;
        statements = rules.about(userId, role);
        long taken = 0;
        for (Statement statement : statements) {
            said.merge(statement.scope(), Said.NOTHING.and(statement), (before, one) -> before.and(statement));
            taken |= statement.denied() ? statement.bits() : 0;
        }
        deniedSomewhere = taken;
        somewhere = said.values().stream()
                .mapToLong(one -> one.allowed() & ~one.denied())
                .reduce(0, (a, b) -> a | b);
        boolean needed = statements.stream()
                .anyMatch(statement -> !statement.denied() && rules.needsSecondFactor(statement.role()));
        lacksSecondFactor = needed && !rules.hasSecondFactor(userId);
    }

    /** {@return whether these are the rights by these rules of a user with this role} */
    boolean isOf(Rules now, String roleNow) {
        return rules == now && role.equals(roleNow);
    }

    /**
     * {@return what is allowed at a place}
     *
     * @param levels from the place up to the site
     */
    public long at(AccessScope... levels) {
        long allowed = 0;
        long decided = 0;
        for (AccessScope level : levels) {
            Said here = said.get(level);
            if (here != null) {
                allowed |= here.allowed() & ~here.denied() & ~decided;
                decided |= here.about();
            }
        }
        return allowed;
    }

    /** {@return what is allowed on a camera that is not known} */
    public long atUnknown(AccessScope camera) {
        Said own = said.getOrDefault(camera, Said.NOTHING);
        return own.allowed() & ~own.denied() | at(AccessScope.SITE) & ~own.about() & ~deniedSomewhere;
    }

    /** {@return what is allowed at a place and at every place that may lie below it} */
    public long below(AccessScope... levels) {
        return at(levels) & ~deniedSomewhere;
    }

    /** {@return what is allowed at one place at least} */
    public long somewhere() {
        return somewhere;
    }

    /** {@return whether a role of the user's is for those with a second factor, and the user has none} */
    public boolean lacksSecondFactor() {
        return lacksSecondFactor;
    }

    /** {@return why a right is allowed or not at a known place} */
    public Verdict explain(Permission permission, AccessScope... levels) {
        return Verdict.of(statements, permission, levels);
    }

    List<Statement> statements() {
        return statements;
    }
}
