// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.fake;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.nxvms.platform.api.security.SecretVault;

/** Hides text well enough to see whether it was sealed, and binds it to its purpose. */
public final class FakeVault implements SecretVault {
    @Override
    public String seal(String secret, String purpose) {
        return "sealed:"
                + Base64.getEncoder().encodeToString((purpose + "\n" + secret).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String open(String sealed, String purpose) {
        String text = new String(Base64.getDecoder().decode(sealed.substring(7)), StandardCharsets.UTF_8);
        if (!text.startsWith(purpose + "\n")) {
            throw new IllegalArgumentException("sealed for another purpose");
        }
        return text.substring(purpose.length() + 1);
    }
}
