// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.webhook.fake;

import java.util.Base64;
import org.nxvms.platform.api.security.SecretVault;

/** Keeps the vault's contract towards its users; keeps no secret. */
public final class ReversingVault implements SecretVault {
    @Override
    public String seal(String secret, String purpose) {
        return "v1." + Base64.getUrlEncoder().encodeToString((purpose + "\n" + secret).getBytes());
    }

    @Override
    public String open(String sealed, String purpose) {
        String text = new String(Base64.getUrlDecoder().decode(sealed.substring(3)));
        if (!text.startsWith(purpose + "\n")) {
            throw new IllegalArgumentException("sealed for another purpose");
        }
        return text.substring(purpose.length() + 1);
    }
}
