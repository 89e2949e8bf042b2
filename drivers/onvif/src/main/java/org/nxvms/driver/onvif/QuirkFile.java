// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.nxvms.driver.onvif.QuirkFields.Wrong;
import org.nxvms.driver.spi.DeviceEvent;
import org.nxvms.driver.spi.DriverData;

/**
 * Reads the document of quirks, whole or not at all: what is not known in it is refused, so that nobody believes in a quirk
 * that does nothing. The README of {@code drivers/onvif-quirks} describes it.
 */
final class QuirkFile {
    /** A file of a later format is for a later driver. */
    private static final int FORMAT = 1;

    private static final int QUIRKS_MAX = 1_000;
    private static final int DEVICES_MAX = 50;
    private static final int TOPICS_MAX = 100;

    private static final String ID = "[a-z0-9][a-z0-9-]{0,59}";
    private static final String SENTENCE = "[^\\p{Cntrl}]{1,500}";
    private static final String WEB = "https?://[!-~]{1,500}";
    /** Few stars, so that no text takes long to be compared. */
    private static final String LIKE = "(?=.{1,100}$)[^*\\p{Cntrl}]*(\\*[^*\\p{Cntrl}]*){0,5}";

    private static final String TOPIC = "[A-Za-z0-9._-]{1,60}(/[A-Za-z0-9._-]{1,60}){0,9}/?";
    private static final String ITEM = "[A-Za-z0-9._-]{0,60}";
    private static final String PART = "[A-Za-z0-9._-]{0,20}/?";
    private static final String OWN_KIND = OnvifDriver.ID + "\\.[a-z][a-z0-9_]{0,39}";
    private static final Set<String> KINDS = Set.of(DeviceEvent.MOTION, DeviceEvent.TAMPER, DeviceEvent.INPUT);

    private QuirkFile() {}

    /** @throws Wrong naming the field that cannot be used, and what it should be */
    static List<Quirk> parse(byte[] document) throws Wrong {
        if (document.length > DriverData.BYTES_MAX) {
            throw new Wrong("the document", "is longer than " + DriverData.BYTES_MAX + " bytes");
        }
        QuirkFields file = QuirkFields.read(document);
        int format = file.number("format", 1, Integer.MAX_VALUE, 0);
        if (format != FORMAT) {
            throw new Wrong("format", "is not " + FORMAT + "; a later one needs a later driver");
        }
        List<Quirk> quirks = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (QuirkFields told : file.objects("quirks", 0, QUIRKS_MAX)) {
            Quirk quirk = quirk(told);
            if (!ids.add(quirk.id())) {
                throw new Wrong(told.path("id"), "is there twice: " + quirk.id());
            }
            quirks.add(quirk);
        }
        file.requireNoMore();
        return List.copyOf(quirks);
    }

    private static Quirk quirk(QuirkFields told) throws Wrong {
        String id = told.text("id", ID, "1..60 lower-case letters, digits and hyphens");
        told.text("why", SENTENCE, "a sentence of at most 500 characters");
        told.text("source", WEB, "the web address of a report of it");
        List<Quirk.Devices> devices = new ArrayList<>();
        for (QuirkFields some : told.objects("devices", 1, DEVICES_MAX)) {
            devices.add(devices(some));
        }
        List<Topic> topics = new ArrayList<>();
        for (QuirkFields topic : told.objects("topics", 0, TOPICS_MAX)) {
            topics.add(topic(topic));
        }
        Quirks quirks = new Quirks(
                told.number("pullSecondsMax", 1, Quirks.PULL_SECONDS_MAX, Quirks.PULL_SECONDS_MAX),
                told.flag("renew", true),
                told.flag("synchronize", true),
                told.flag("moveTimeout", true),
                List.copyOf(topics));
        told.requireNoMore();
        if (quirks.equals(Quirks.NONE)) {
            throw new Wrong(told.path(), "says of its devices nothing that is not so of all");
        }
        return new Quirk(id, List.copyOf(devices), quirks);
    }

    private static Quirk.Devices devices(QuirkFields told) throws Wrong {
        String expected = "1..100 characters with at most 5 stars";
        Quirk.Devices devices = new Quirk.Devices(
                Quirk.Devices.pattern(told.text("manufacturer", LIKE, expected)),
                Quirk.Devices.pattern(told.textOr("model", "*", LIKE, expected)),
                Quirk.Devices.pattern(told.textOr("firmware", "*", LIKE, expected)));
        told.requireNoMore();
        return devices;
    }

    private static Topic topic(QuirkFields told) throws Wrong {
        String kind = told.text("kind", "[a-z0-9_.]{1,60}", "a word of events");
        if (!KINDS.contains(kind) && !kind.matches(OWN_KIND)) {
            throw new Wrong(
                    told.path("kind"), "is neither one of " + KINDS + " nor begins with " + OnvifDriver.ID + ".");
        }
        Topic topic = new Topic(
                told.text("topic", TOPIC, "a topic without prefixes, such as RuleEngine/X/Y"),
                kind,
                told.textOr("data", "", ITEM, "the name of an item"),
                told.textOr("part", "", PART, "at most 20 letters and digits, with a slash at the end perhaps"));
        told.requireNoMore();
        return topic;
    }
}
