// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.oidc.protocol;

/** Nobody is signed in. The message is for the log: it quotes no token and no secret, and is one line of bounded length. */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int LENGTH_MAX = 500;

    private final Refusal refusal;

    public RefusedException(Refusal refusal, String message) {
        super(line(message));
        this.refusal = refusal;
    }

    public RefusedException(Refusal refusal, String message, Throwable cause) {
        super(line(message), cause);
        this.refusal = refusal;
    }

    public Refusal refusal() {
        return refusal;
    }

    /** {@return a text in which others had a hand, so that it forges no lines of the log} */
    static String line(String text) {
        String clean = String.valueOf(text).replaceAll("[\\p{Cntrl}\\u2028\\u2029]", "?");
        return clean.length() <= LENGTH_MAX ? clean : clean.substring(0, LENGTH_MAX) + "...";
    }
}
