// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.account;

import java.util.List;
import java.util.Optional;
import org.nxvms.platform.api.security.UserStore.StoredUser;

/** Nobody may lock everybody out: of those who administer and can sign in, one stays. */
final class Administrators {
    private Administrators() {}

    /**
     * @param before all users
     * @param user one of them, who is to change or to go
     * @param after the user then, empty when gone
     * @throws IllegalStateException when nobody would be left who can administer the server
     */
    static void requireOneAfter(List<StoredUser> before, StoredUser user, Optional<StoredUser> after) {
        boolean goes = canAdminister(user)
                && after.filter(Administrators::canAdminister).isEmpty();
        if (goes && before.stream().filter(Administrators::canAdminister).count() == 1) {
            throw new IllegalStateException("User \"" + user.username()
                    + "\" is the last administrator who can sign in. Add another one, or enable one, first.");
        }
    }

    private static boolean canAdminister(StoredUser user) {
        return user.role().equals(PasswordRules.ADMINISTRATOR) && !user.disabled();
    }
}
