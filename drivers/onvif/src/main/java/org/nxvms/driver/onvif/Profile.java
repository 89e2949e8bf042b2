// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

/**
 * A media profile of a device (Media 5.2, Media2 5.2).
 *
 * @param encoder token of the configuration of its video encoder; may be empty
 * @param encoding as the device writes it, e.g. {@code H264}
 * @param source token of the video source; may be empty
 * @param sourceConfiguration token of its configuration; as above
 * @param ptzConfiguration token; empty where nothing moves
 * @param ptzNode token; empty as above
 * @param scene what it says of analytics and metadata
 */
record Profile(
        String token,
        String name,
        String encoder,
        String encoding,
        int width,
        int height,
        String source,
        String sourceConfiguration,
        String ptzConfiguration,
        String ptzNode,
        ProfileScene scene) {
    long pixels() {
        return (long) width * height;
    }

    /** Whether it is video that is recorded as it comes, at its own rate. */
    boolean isModern() {
        return encoding.equalsIgnoreCase("H264") || encoding.equalsIgnoreCase("H265");
    }

    boolean isUsable() {
        return isModern() || encoding.equalsIgnoreCase("JPEG");
    }

    boolean isCalled(String tokenOrName) {
        return token.equals(tokenOrName) || name.equals(tokenOrName);
    }
}
