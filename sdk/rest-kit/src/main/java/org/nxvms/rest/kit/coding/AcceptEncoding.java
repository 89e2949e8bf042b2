// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.coding;

import java.util.Locale;

/**
 * The request header of RFC 9110 12.5.3, as far as gzip is concerned. A packed answer has other bytes than the plain one: where both
 * have a tag, that of the packed one is weak (8.8.3.3).
 */
public final class AcceptEncoding {
    private AcceptEncoding() {}

    /** {@return the tag of what means the same and has other bytes, such as a packed answer} */
    public static String weak(String etag) {
        return "W/" + etag;
    }

    /** {@return whether the client takes gzip; an absent header says nothing, so the plain bytes are sent}
     *
     * @param header null when there is none
     */
    public static boolean allowsGzip(String header) {
        if (header == null) {
            return false;
        }
        boolean any = false;
        for (String part : header.toLowerCase(Locale.ROOT).split(",")) {
            // What is empty stays, so that there is always a first.
            String[] pieces = part.split(";", -1);
            String coding = pieces[0].strip();
            boolean wanted = !refused(pieces);
            if (coding.equals("gzip") || coding.equals("x-gzip")) {
                return wanted;
            }
            any |= coding.equals("*") && wanted;
        }
        return any;
    }

    private static boolean refused(String[] pieces) {
        for (int i = 1; i < pieces.length; i++) {
            String parameter = pieces[i].replace(" ", "");
            if (parameter.startsWith("q=")) {
                return parameter.matches("q=0(\\.0*)?");
            }
        }
        return false;
    }
}
