// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.nxvms.driver.kit.http.DeviceHttp;
import org.nxvms.driver.spi.AudioOut;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.Capability;
import org.nxvms.driver.spi.DeviceAnalytics;
import org.nxvms.driver.spi.DeviceClock;
import org.nxvms.driver.spi.DeviceEvents;
import org.nxvms.driver.spi.DeviceIdentity;
import org.nxvms.driver.spi.DeviceSnapshot;
import org.nxvms.driver.spi.DeviceUsers;
import org.nxvms.driver.spi.DigitalIo;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.EdgeRecordings;
import org.nxvms.driver.spi.Imaging;
import org.nxvms.driver.spi.PrivacyMasks;
import org.nxvms.driver.spi.Ptz;
import org.nxvms.driver.spi.PtzPresets;
import org.nxvms.driver.spi.PtzTours;
import org.nxvms.driver.spi.Reboot;
import org.nxvms.driver.spi.StreamOffer;
import org.nxvms.driver.spi.VideoEncoders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A conversation with one device. What it can do is found out when it is opened. */
final class OnvifSession implements CameraSession {
    private static final Logger LOG = LoggerFactory.getLogger(OnvifSession.class);
    private static final int TEXT_MAX = 200;
    private static final Pattern BARE_UUID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final String MAC = "([0-9a-f]{2}:){5}[0-9a-f]{2}";

    private final Services services;
    private final DeviceIdentity identity;
    private final Supplier<Quirks> quirks;
    private final OnvifStreams streams;
    private final Optional<OnvifEvents> events;
    private final Optional<OnvifRecordings> recordings;
    private final Optional<OnvifAudio> audio;
    private final Map<Class<? extends Capability>, Capability> capabilities = new HashMap<>();
    private final Map<Class<? extends Capability>, String> unanswered = new HashMap<>();

    private OnvifSession(Services services, DeviceIdentity identity, Supplier<Quirks> quirks, Surroundings surroundings)
            throws DriverException {
        this.services = services;
        this.identity = identity;
        this.quirks = quirks;
        Profiles profiles = Profiles.ask(services, surroundings.settings());
        OnvifMetadata metadata = OnvifMetadata.of(services, profiles, surroundings, identity);
        this.streams = new OnvifStreams(
                services,
                profiles,
                metadata,
                surroundings.settings(),
                surroundings.target().credentials());
        this.events = services.has(Service.EVENTS)
                ? Optional.of(new OnvifEvents(services, profiles.otherSources(), quirks, surroundings))
                : Optional.empty();
        capabilities.put(DeviceSnapshot.class, streams);
        capabilities.put(DeviceClock.class, new OnvifClock(services));
        capabilities.put(DeviceUsers.class, new OnvifUsers(services));
        if (!profiles.encoders().isEmpty()) {
            capabilities.put(VideoEncoders.class, new OnvifEncoders(services, profiles));
        }
        if (OnvifAnalytics.isThere(services, metadata)) {
            capabilities.put(DeviceAnalytics.class, new OnvifAnalytics(services, profiles, metadata));
        }
        capabilities.put(Reboot.class, (Reboot) () -> services.call(Service.DEVICE, "SystemReboot", ""));
        events.ifPresent(told -> capabilities.put(DeviceEvents.class, told));
        this.recordings = services.has(Service.SEARCH) && services.has(Service.REPLAY)
                ? Optional.of(new OnvifRecordings(services, profiles, surroundings.way()))
                : Optional.empty();
        recordings.ifPresent(found -> capabilities.put(EdgeRecordings.class, found));
        // Whatever went before was about no control function.
        services.silence();
        this.audio = OnvifAudio.ask(
                services, profiles, streams, surroundings.target().credentials());
        audio.ifPresent(speaker -> capabilities.put(AudioOut.class, speaker));
        noteSilence(AudioOut.class);
        OnvifMasks.ask(services, profiles).ifPresent(masks -> capabilities.put(PrivacyMasks.class, masks));
        noteSilence(PrivacyMasks.class);
        Profile main = profiles.main();
        OnvifPorts.ask(services, quirks, profiles.otherSources(), events)
                .ifPresent(ports -> capabilities.put(DigitalIo.class, ports));
        noteSilence(DigitalIo.class);
        OnvifNode node =
                services.has(Service.PTZ) && !main.ptzConfiguration().isEmpty() ? addPtz(main) : OnvifNode.NONE;
        boolean image = services.has(Service.IMAGING) && !main.source().isEmpty();
        if (image || !node.auxiliary().isEmpty()) {
            Optional<OnvifAuxiliary> auxiliary = node.auxiliary().isEmpty()
                    ? Optional.empty()
                    : Optional.of(new OnvifAuxiliary(services, main.token(), node.auxiliary()));
            capabilities.put(Imaging.class, new OnvifImaging(services, image ? main.source() : "", auxiliary));
        }
    }

    private void noteSilence(Class<? extends Capability> part) {
        services.silence().ifPresent(what -> unanswered.put(part, what));
    }

    /** {@return what the head can beside moving} A user who may only watch, or a head that does not answer, costs PTZ and nothing else. */
    private OnvifNode addPtz(Profile main) throws DriverException {
        try {
            Optional<OnvifPtz> ptz = OnvifPtz.ask(services, main, quirks);
            OnvifNode node = OnvifNode.ask(services, main);
            if (ptz.isPresent()) {
                capabilities.put(Ptz.class, ptz.get());
                capabilities.put(PtzPresets.class, new OnvifPresets(services, main.token(), node));
            }
            if (node.tours()) {
                capabilities.put(PtzTours.class, new OnvifTours(services, main.token()));
            }
            return node;
        } catch (DriverException refused) {
            services.requireThere(refused);
            if (refused.kind() == Kind.UNREACHABLE || refused.kind() == Kind.BUSY) {
                String why = refused.getMessage().replaceFirst("\\.$", "");
                unanswered.put(Ptz.class, why);
                unanswered.put(PtzPresets.class, why);
            }
            LOG.info(
                    "the camera at {} is used without PTZ: {}",
                    services.http().base().getHost(),
                    refused.getMessage());
            return OnvifNode.NONE;
        }
    }

    static OnvifSession open(DeviceHttp http, String devicePath, Surroundings surroundings) throws DriverException {
        SoapClient soap = new SoapClient(http, devicePath, surroundings.target().credentials());
        soap.learnTime();
        Services services = Services.ask(soap, devicePath);
        DeviceIdentity identity = askIdentity(services);
        return new OnvifSession(services, identity, () -> surroundings.quirks().of(identity), surroundings);
    }

    private static DeviceIdentity askIdentity(Services services) throws DriverException {
        XmlNode told = services.call(Service.DEVICE, Services.ASK_IDENTITY, "");
        // Not every user may see interfaces, and not every device has them.
        String mac = services.findBeside(Service.DEVICE, "GetNetworkInterfaces", "").stream()
                .flatMap(answer -> answer.all("NetworkInterfaces").stream())
                .map(each ->
                        each.text("Info", "HwAddress").toLowerCase(Locale.ROOT).replace('-', ':'))
                .filter(each -> each.matches(MAC))
                .findFirst()
                .orElse("");
        return new DeviceIdentity(
                text(told, "Manufacturer"),
                text(told, "Model"),
                text(told, "FirmwareVersion"),
                text(told, "SerialNumber"),
                mac);
    }

    private static String text(XmlNode told, String name) {
        String text = told.text(name).replaceAll("\\p{Cntrl}", "?");
        return text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX);
    }

    @Override
    public DeviceIdentity identity() throws DriverException {
        services.http().requireOpen();
        return identity;
    }

    /** Core 8.1.18; without a prefix on some devices, which WS-Discovery has always. */
    @Override
    public String endpoint() throws DriverException {
        services.http().requireOpen();
        String told = services.find(Service.DEVICE, "GetEndpointReference", "")
                .map(answer -> text(answer, "GUID").strip())
                .orElse("");
        return BARE_UUID.matcher(told).matches() ? "urn:uuid:" + told : told;
    }

    @Override
    public List<StreamOffer> streams() throws DriverException {
        services.http().requireOpen();
        return streams.offers();
    }

    @Override
    public <C extends Capability> Optional<C> capability(Class<C> type) throws DriverException {
        services.http().requireOpen();
        return Optional.ofNullable(capabilities.get(type)).map(type::cast);
    }

    @Override
    public Map<Class<? extends Capability>, String> unanswered() throws DriverException {
        services.http().requireOpen();
        return Map.copyOf(unanswered);
    }

    @Override
    public void close() {
        events.ifPresent(OnvifEvents::close);
        recordings.ifPresent(OnvifRecordings::close);
        audio.ifPresent(OnvifAudio::close);
        services.http().close();
    }
}
