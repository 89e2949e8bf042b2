// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.nxvms.driver.spi.AudioOut;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;

/** The loudspeaker, by the back channel of the main stream (Streaming 5.3): G.711. */
final class OnvifAudio implements AudioOut {
    private static final Format MU_LAW = new Format(Codec.PCMU, 8_000, 1);
    private static final Format A_LAW = new Format(Codec.PCMA, 8_000, 1);

    private final Services services;
    private final OnvifStreams streams;
    private final Optional<Credentials> credentials;
    private final List<Format> formats;
    private volatile Optional<OnvifTalk> open = Optional.empty();
    private volatile boolean closed;

    private OnvifAudio(
            Services services, OnvifStreams streams, Optional<Credentials> credentials, List<Format> formats) {
        this.services = services;
        this.streams = streams;
        this.credentials = credentials;
        this.formats = formats;
    }

    /** {@return the loudspeaker of a device; empty where it has none that takes what we can send} */
    static Optional<OnvifAudio> ask(
            Services services, Profiles profiles, OnvifStreams streams, Optional<Credentials> credentials)
            throws DriverException {
        String name = "GetAudioDecoderConfigurationOptions";
        Service media = profiles.media2() ? Service.MEDIA2 : Service.MEDIA;
        List<Format> formats = services.findBeside(
                        media,
                        name,
                        "<o:ProfileToken>" + SoapText.escaped(profiles.main().token()) + "</o:ProfileToken>")
                .map(OnvifAudio::formats)
                .orElse(List.of());
        return formats.isEmpty()
                ? Optional.empty()
                : Optional.of(new OnvifAudio(services, streams, credentials, formats));
    }

    /** {@return what is taken, of what we can send}: Media names G.711 only, Media2 each law of it. */
    static List<Format> formats(XmlNode answer) {
        Set<Format> formats = new LinkedHashSet<>();
        for (XmlNode options : answer.all("Options")) {
            String encoding = options.text("Encoding").toUpperCase(Locale.ROOT);
            if (encoding.equals("PCMU") || encoding.equals("G711")) {
                formats.add(MU_LAW);
            }
            if (encoding.equals("PCMA")) {
                formats.add(A_LAW);
            }
            if (options.find("G711DecOptions").isPresent()) {
                formats.add(MU_LAW);
                formats.add(A_LAW);
            }
        }
        return List.copyOf(formats);
    }

    @Override
    public List<Format> formats() {
        return formats;
    }

    @Override
    public Talk talk(Format format) throws DriverException {
        if (!formats.contains(format)) {
            throw new DriverException(Kind.UNSUPPORTED, "The camera is sent G.711 at 8 kHz only.");
        }
        services.http().requireOpen();
        URI uri = streams.overTcp();
        OnvifTalk talk = OnvifTalk.begin(uri, credentials, services.http().timeoutMs(), format.codec());
        open = Optional.of(talk);
        if (closed) {
            // Closed while the camera was asked: close() did not see this talk.
            talk.close();
            throw new DriverException(Kind.CLOSED, "The session has been closed.");
        }
        return talk;
    }

    /** With its session ends what was begun in it. */
    void close() {
        closed = true;
        open.ifPresent(OnvifTalk::close);
    }
}
