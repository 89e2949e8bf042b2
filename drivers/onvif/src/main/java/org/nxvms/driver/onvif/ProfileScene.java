// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.Optional;

/**
 * What a media profile says of analytics and metadata.
 *
 * @param metadata token of its metadata configuration; empty where its stream carries none
 * @param objects whether that tells what analytics find
 * @param analytics token of its configuration of video analytics; may be empty
 */
record ProfileScene(String metadata, boolean objects, String analytics) {
    static final ProfileScene NONE = new ProfileScene("", false, "");

    /** {@return what a profile of either service says}: the elements of Media2 lie one deeper and have shorter names. */
    static ProfileScene of(XmlNode profile) {
        XmlNode parts = profile.find("Configurations").orElse(profile);
        Optional<XmlNode> metadata = parts.find("Metadata").or(() -> parts.find("MetadataConfiguration"));
        Optional<XmlNode> analytics = parts.find("Analytics").or(() -> parts.find("VideoAnalyticsConfiguration"));
        return new ProfileScene(
                metadata.map(node -> node.attribute("token")).orElse(""),
                metadata.map(ProfileScene::tellsObjects).orElse(false),
                analytics.map(node -> node.attribute("token")).orElse(""));
    }

    /** {@return whether a metadata configuration lets objects through}, as XML: nobody here reads what is compressed. */
    static boolean tellsObjects(XmlNode configuration) {
        return configuration.text("Analytics").matches("true|1")
                && configuration.attribute("CompressionType").strip().matches("|None");
    }

    /** Whether the stream of the profile carries what the device finds. */
    boolean isCarried() {
        return !metadata.isEmpty() && objects;
    }
}
