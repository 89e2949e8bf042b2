// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.rights;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nxvms.platform.api.security.AccessScope;
import org.nxvms.platform.api.security.Permission;

/**
 * Why a user may, or may not, do something at a place.
 *
 * @param decidedAt the nearest level at which anything is said of the right; empty when nothing is said anywhere
 * @param because what is said there and counts: the denials, or the grants where nothing is denied
 * @param overruled what is said besides, at that level and above, and does not count
 */
public record Verdict(
        Permission permission,
        boolean allowed,
        Optional<AccessScope> decidedAt,
        List<Statement> because,
        List<Statement> overruled) {

    static Verdict of(List<Statement> statements, Permission permission, AccessScope... levels) {
        Optional<AccessScope> decidedAt = Optional.empty();
        boolean denied = false;
        List<Statement> because = new ArrayList<>();
        List<Statement> overruled = new ArrayList<>();
        for (AccessScope level : levels) {
            List<Statement> here = statements.stream()
                    .filter(statement -> statement.scope().equals(level) && statement.isAbout(permission))
                    .toList();
            if (here.isEmpty()) {
                continue;
            }
            if (decidedAt.isPresent()) {
                overruled.addAll(here);
                continue;
            }
            decidedAt = Optional.of(level);
            boolean anyDenied = here.stream().anyMatch(Statement::denied);
            denied = anyDenied;
            here.forEach(statement -> (statement.denied() == anyDenied ? because : overruled).add(statement));
        }
        return new Verdict(
                permission, decidedAt.isPresent() && !denied, decidedAt, List.copyOf(because), List.copyOf(overruled));
    }
}
