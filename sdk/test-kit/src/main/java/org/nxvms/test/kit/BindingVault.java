// SPDX-License-Identifier: Apache-2.0
package org.nxvms.test.kit;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.nxvms.platform.api.security.SecretVault;

/** Keeps the vault's contract towards its users: bound to the purpose, and no text shows what it was. Keeps no secret. */
public final class BindingVault implements SecretVault {
    private static final String MARK = "v1.";

    @Override
    public String seal(String secret, String purpose) {
        return MARK
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString((purpose + "\n" + secret).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String open(String sealed, String purpose) {
        if (!sealed.startsWith(MARK)) {
            throw new IllegalArgumentException("not sealed");
        }
        String text =
                new String(Base64.getUrlDecoder().decode(sealed.substring(MARK.length())), StandardCharsets.UTF_8);
        if (!text.startsWith(purpose + "\n")) {
            throw new IllegalArgumentException("sealed for another purpose");
        }
        return text.substring(purpose.length() + 1);
    }
}
