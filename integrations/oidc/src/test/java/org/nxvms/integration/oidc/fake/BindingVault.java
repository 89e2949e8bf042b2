// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.oidc.fake;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.nxvms.platform.api.security.SecretVault;

/** Keeps the vault's contract towards its users; keeps no secret. */
public final class BindingVault implements SecretVault {
    @Override
    public String seal(String secret, String purpose) {
        return "v1."
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString((purpose + "\n" + secret).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String open(String sealed, String purpose) {
        if (!sealed.startsWith("v1.")) {
            throw new IllegalArgumentException("not sealed");
        }
        String text = new String(Base64.getUrlDecoder().decode(sealed.substring(3)), StandardCharsets.UTF_8);
        if (!text.startsWith(purpose + "\n")) {
            throw new IllegalArgumentException("sealed for another purpose");
        }
        return text.substring(purpose.length() + 1);
    }
}
