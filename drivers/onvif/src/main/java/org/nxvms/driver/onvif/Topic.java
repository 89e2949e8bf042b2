// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

/**
 * A topic that says something to us.
 *
 * @param path without prefixes; ends with a slash where all below is meant
 * @param kind the platform's word
 * @param data name of the item that is true or false; empty for what happens once
 * @param part what the part's name begins with; the first item of the source follows that tells more than the video source
 */
record Topic(String path, String kind, String data, String part) {
    boolean is(String told) {
        return path.endsWith("/") ? told.startsWith(path) : told.equals(path);
    }
}
