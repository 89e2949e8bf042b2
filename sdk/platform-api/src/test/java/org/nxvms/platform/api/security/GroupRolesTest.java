// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Which group gives which role. */
class GroupRolesTest {
    @Test
    void theFirstLineThatFitsCounts() {
        GroupRoles roles = GroupRoles.parse(
                " VMS  Admins = administrator;cn=guards,ou=groups,dc=example=operator; guards=viewer ;guards=guest");

        assertThat(roles.roleOf(List.of("guards", "vms admins"))).contains("administrator");
        assertThat(roles.roleOf(List.of("CN=Guards,ou=groups,dc=example", "guards")))
                .contains("operator");
        assertThat(roles.roleOf(List.of("Guards"))).contains("viewer");
        assertThat(roles.roleOf(List.of("others"))).isEmpty();
        assertThat(roles.roleOf(List.of())).isEmpty();
        assertThat(GroupRoles.parse(" ; ").isEmpty()).isTrue();
        assertThat(GroupRoles.parse("").roleOf(List.of("guards"))).isEmpty();
    }

    @Test
    void whatIsNoLineIsNamed() {
        for (String wrong : List.of("guards", "=operator", "guards=", "a=b;guards")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> GroupRoles.parse(wrong))
                    .withMessageContaining("GROUP=ROLE");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> GroupRoles.parse("g=r;".repeat(300) + "h=r"));
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 201; i++) {
            many.append("group").append(i).append("=viewer;");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> GroupRoles.parse(many.toString()));
    }
}
