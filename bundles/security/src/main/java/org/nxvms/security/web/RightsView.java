// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.web;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.platform.api.security.AccessScope;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.security.rights.Statement;
import org.nxvms.security.rights.Verdict;

/** What a user may do at a place, and why. */
@Schema(name = "EffectiveRights")
public record RightsView(String scope, List<Right> rights) {

    /** One right with the reason. */
    @Schema(name = "EffectiveRight")
    public record Right(
            Permission permission,
            boolean allowed,
            @Schema(description = "The nearest place at which anything is said of it; left out when nothing is said")
                    Optional<String> decidedAt,
            @Schema(description = "What is said there and counts") List<Reason> because,
            @Schema(description = "What is said besides, there and further up, and does not count")
                    List<Reason> overruled) {}

    /** What somebody said. */
    @Schema(name = "RightReason")
    public record Reason(
            String role,
            String scope,
            boolean denied,
            @Schema(description = "Left out for the role the user has everywhere") Optional<UUID> grant) {
        static Reason of(Statement statement) {
            return new Reason(statement.role(), statement.scope().toString(), statement.denied(), statement.grant());
        }
    }

    static RightsView of(AccessScope scope, List<Verdict> verdicts) {
        return new RightsView(
                scope.toString(),
                verdicts.stream()
                        .map(verdict -> new Right(
                                verdict.permission(),
                                verdict.allowed(),
                                verdict.decidedAt().map(AccessScope::toString),
                                verdict.because().stream().map(Reason::of).toList(),
                                verdict.overruled().stream().map(Reason::of).toList()))
                        .toList());
    }
}
