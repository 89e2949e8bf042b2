// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nxvms.driver.kit.http.DeviceHttp;
import org.nxvms.driver.spi.DeviceAnalytics;
import org.nxvms.driver.spi.DeviceAnalytics.Carriage;
import org.nxvms.driver.spi.DeviceAnalytics.Metadata;
import org.nxvms.driver.spi.DeviceIdentity;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.media.StreamRole;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether main and sub carry what the device finds in its picture (Media 5.2, 5.11, Media2 5.2). Where they do not, and the
 * setting of the camera says so, it is put into their profiles when a session begins; nothing else of a profile is changed, and
 * what counts is what the device tells of it afterwards.
 */
final class OnvifMetadata {
    private static final Logger LOG = LoggerFactory.getLogger(OnvifMetadata.class);

    private static final String SWITCH_ON =
            "Set \"metadata\" to \"add\" in the camera's driver settings, then this server"
                    + " sets the camera up so; or do it on the camera's own page.";

    /** The parts of a metadata configuration in the order of the schema, up to the one that is set (onvif.xsd). */
    private static final List<String> BEFORE = List.of("Name", "UseCount", "PTZStatus", "Events");

    private static final List<String> UP_TO_IT = List.of("Name", "UseCount", "PTZStatus", "Events", "Analytics");

    private final Services services;
    private final boolean media2;
    private final boolean add;
    private final Surroundings surroundings;
    private final DeviceIdentity identity;
    private final Map<StreamRole, Profile> profiles = new EnumMap<>(StreamRole.class);
    private final Map<StreamRole, Metadata> known = new EnumMap<>(StreamRole.class);

    private OnvifMetadata(Services services, Profiles profiles, Surroundings surroundings, DeviceIdentity identity) {
        this.services = services;
        this.media2 = profiles.media2();
        this.add = surroundings.settings().addsMetadata();
        this.surroundings = surroundings;
        this.identity = identity;
        this.profiles.put(StreamRole.MAIN, profiles.main());
        profiles.sub().ifPresent(sub -> this.profiles.put(StreamRole.SUB, sub));
    }

    /** Puts it where it is missing, if the settings say so. */
    static OnvifMetadata of(Services services, Profiles profiles, Surroundings surroundings, DeviceIdentity identity)
            throws DriverException {
        OnvifMetadata metadata = new OnvifMetadata(services, profiles, surroundings, identity);
        for (Map.Entry<StreamRole, Profile> one : metadata.profiles.entrySet()) {
            if (one.getValue().scene().isCarried()) {
                metadata.known.put(one.getKey(), new Metadata(one.getKey(), Carriage.CARRIED, ""));
            } else if (metadata.add) {
                metadata.known.put(one.getKey(), metadata.put(one.getKey(), one.getValue()));
            }
        }
        return metadata;
    }

    /**
     * {@return whether a stream carries metadata because the setting says so, or would} It is another stream than it was. What
     * else a device answers or does not must not change that: each change is a stream fetched anew.
     */
    boolean isPutInto(StreamRole role) {
        boolean before = Optional.ofNullable(profiles.get(role))
                .filter(profile -> !profile.scene().metadata().isEmpty())
                .isPresent();
        boolean now = Optional.ofNullable(known.get(role))
                .filter(metadata -> metadata.carriage() == Carriage.CARRIED)
                .isPresent();
        return add && (before || now);
    }

    /** {@return whether there is anything to tell of it, without asking the device} */
    boolean isKnown() {
        return !known.isEmpty();
    }

    /** {@return of each stream whether it carries what is found}; asks the device for what it could. */
    List<Metadata> told() throws DriverException {
        for (Map.Entry<StreamRole, Profile> one : profiles.entrySet()) {
            if (!known.containsKey(one.getKey())) {
                known.put(one.getKey(), asked(one.getKey(), one.getValue()));
            }
        }
        return List.copyOf(known.values());
    }

    private Metadata asked(StreamRole role, Profile profile) throws DriverException {
        String token = profile.scene().metadata();
        if (token.isEmpty() && compatible(profile).isEmpty()) {
            return new Metadata(role, Carriage.IMPOSSIBLE, "");
        }
        return !token.isEmpty() && tellsObjects(token)
                ? new Metadata(role, Carriage.CARRIED, "")
                : new Metadata(role, Carriage.POSSIBLE, SWITCH_ON);
    }

    private Metadata put(StreamRole role, Profile profile) throws DriverException {
        String name = DeviceHttp.words(profile.token());
        try {
            List<XmlNode> offered = profile.scene().metadata().isEmpty()
                    ? compatible(profile)
                    : configured(profile.scene().metadata());
            // One that is set up already, else one that nobody uses: setting it up changes no other profile.
            Optional<XmlNode> chosen = offered.stream()
                    .filter(each -> !each.attribute("token").isEmpty())
                    .min(Comparator.comparing((XmlNode each) -> !ProfileScene.tellsObjects(each))
                            .thenComparing(each -> !each.text("UseCount").equals("0")));
            if (chosen.isEmpty()) {
                return new Metadata(role, Carriage.IMPOSSIBLE, "");
            }
            boolean silent = !ProfileScene.tellsObjects(chosen.get());
            boolean lacks = profile.scene().metadata().isEmpty();
            UnkeptChanges.Place place = new UnkeptChanges.Place(
                    services.http().base(), identity, surroundings.target().settings(), profile.token());
            String unkept = "The camera took metadata for its profile " + name
                    + ", and has none in it; it is tried again after an hour, or when its settings change.";
            if ((silent || lacks) && surroundings.unkept().isLately(place)) {
                return new Metadata(role, Carriage.REFUSED, note(unkept));
            }
            if (silent) {
                set(chosen.get());
            }
            if (lacks) {
                add(profile, chosen.get().attribute("token"));
            }
            ProfileScene now = asItIs(profile);
            // Some tell of a profile which configurations it has, and not what these say.
            if (now.metadata().isEmpty() || !now.objects() && !tellsObjects(now.metadata())) {
                surroundings.unkept().note(place);
                return refused(role, unkept);
            }
            if (silent || lacks) {
                LOG.info(
                        "the camera at {} now sends what it finds with its profile {}, as its setting \"metadata\" says",
                        services.http().base().getHost(),
                        name);
            }
            return new Metadata(role, Carriage.CARRIED, "");
        } catch (DriverException refused) {
            services.requireThere(refused);
            return refused(role, refused.getMessage());
        }
    }

    private Metadata refused(StreamRole role, String why) {
        LOG.info(
                "the camera at {} is used without metadata: {}",
                services.http().base().getHost(),
                why);
        return new Metadata(role, Carriage.REFUSED, note(why));
    }

    private static String note(String why) {
        return why.substring(0, Math.min(why.length(), DeviceAnalytics.NOTE_CHARS_MAX));
    }

    private Service service() {
        return media2 ? Service.MEDIA2 : Service.MEDIA;
    }

    private static String element(String name, String token) {
        return "<o:" + name + ">" + SoapText.escaped(token) + "</o:" + name + ">";
    }

    private List<XmlNode> compatible(Profile profile) throws DriverException {
        return services.findBeside(
                        service(),
                        media2 ? "GetMetadataConfigurations" : "GetCompatibleMetadataConfigurations",
                        element("ProfileToken", profile.token()))
                .map(answer -> answer.all("Configurations"))
                .orElse(List.of());
    }

    /** {@return a configuration that a profile has}; none where the device does not tell of it. */
    private List<XmlNode> configured(String token) throws DriverException {
        return services
                .findBeside(
                        service(),
                        media2 ? "GetMetadataConfigurations" : "GetMetadataConfiguration",
                        element("ConfigurationToken", token))
                .stream()
                .flatMap(answer -> answer.all(media2 ? "Configurations" : "Configuration").stream())
                .filter(each -> each.attribute("token").equals(token))
                .toList();
    }

    private boolean tellsObjects(String token) throws DriverException {
        return configured(token).stream().anyMatch(ProfileScene::tellsObjects);
    }

    /** As the device told it, but that it tells of objects. */
    private void set(XmlNode told) throws DriverException {
        String parts = EncoderForm.kept(told, BEFORE)
                + EncoderForm.element("Analytics", true)
                + EncoderForm.others(told, UP_TO_IT);
        services.call(
                service(),
                "SetMetadataConfiguration",
                told.toXmlAs("o:Configuration", parts, 2 * EncoderForm.SAID_BACK_CHARS_MAX, uncompressed(told))
                        + (media2 ? "" : "<o:ForcePersistence>true</o:ForcePersistence>"));
    }

    private static XmlNode.Attribute[] uncompressed(XmlNode told) {
        return told.attribute("CompressionType").isEmpty()
                ? new XmlNode.Attribute[0]
                : new XmlNode.Attribute[] {new XmlNode.Attribute("", "CompressionType", "None")};
    }

    private void add(Profile profile, String token) throws DriverException {
        if (media2) {
            services.call(
                    service(),
                    "AddConfiguration",
                    element("ProfileToken", profile.token()) + "<o:Configuration>" + element("Type", "Metadata")
                            + element("Token", token) + "</o:Configuration>");
        } else {
            services.call(
                    service(),
                    "AddMetadataConfiguration",
                    element("ProfileToken", profile.token()) + element("ConfigurationToken", token));
        }
    }

    private ProfileScene asItIs(Profile profile) throws DriverException {
        XmlNode answer = media2
                ? services.call(
                        service(), "GetProfiles", element("Token", profile.token()) + element("Type", "Metadata"))
                : services.call(service(), "GetProfile", element("ProfileToken", profile.token()));
        return answer.children().stream()
                .filter(each -> each.attribute("token").equals(profile.token()))
                .findFirst()
                .map(ProfileScene::of)
                .orElse(ProfileScene.NONE);
    }
}
