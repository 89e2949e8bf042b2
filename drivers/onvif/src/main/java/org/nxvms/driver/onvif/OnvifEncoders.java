// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.EncoderOptions;
import org.nxvms.driver.spi.EncoderSettings;
import org.nxvms.driver.spi.VideoEncoders;

/**
 * The video encoders that the media profiles of one lens use (Media2 5.4, Media 5.5). Options are asked once a session, and
 * anew after each change: with many devices they follow from what the other encoders are set to.
 */
final class OnvifEncoders implements VideoEncoders {
    /** Each costs a question; a device of one lens has three or four. */
    private static final int ASKED_MAX = 8;

    private final Services services;
    private final List<Profiles.Encoder> used;
    private final Service service;
    private final EncoderForm form;
    private final Map<String, List<EncoderOptions>> options = new HashMap<>();

    OnvifEncoders(Services services, Profiles profiles) {
        this.services = services;
        this.used = profiles.encoders().stream().limit(ASKED_MAX).toList();
        this.service = profiles.media2() ? Service.MEDIA2 : Service.MEDIA;
        this.form = profiles.media2() ? new Media2Form() : new MediaForm();
    }

    @Override
    public List<Encoder> encoders() throws DriverException {
        List<XmlNode> told = configurations();
        List<Encoder> encoders = new ArrayList<>();
        for (Profiles.Encoder one : used) {
            Optional<XmlNode> configuration = named(told, one.token());
            if (configuration.isPresent()) {
                encoder(one, configuration.get()).ifPresent(encoders::add);
            }
        }
        if (encoders.isEmpty()) {
            throw new DriverException(
                    Kind.UNSUPPORTED,
                    "The camera tells of no video encoder of H.264, H.265 or JPEG; set it up on its own page.");
        }
        return List.copyOf(encoders);
    }

    @Override
    public EncoderSettings set(String token, EncoderSettings wanted) throws DriverException {
        Profiles.Encoder one = used.stream()
                .filter(each -> each.token().equals(token))
                .findFirst()
                .orElseThrow(() -> missing(token));
        XmlNode told = named(configurations(), token).orElseThrow(() -> missing(token));
        encoder(one, told).orElseThrow(() -> missing(token)).check(wanted);
        services.call(service, "SetVideoEncoderConfiguration", form.change(told, wanted));
        options.clear();
        return named(configurations(), token)
                .flatMap(form::settings)
                .orElseThrow(() -> new DriverException(
                        Kind.PROTOCOL,
                        "The camera took the change and no longer tells of the encoder '" + token + "'."));
    }

    private static DriverException missing(String token) {
        return new DriverException(Kind.NOT_FOUND, "The camera has no video encoder '" + token + "'.");
    }

    private List<XmlNode> configurations() throws DriverException {
        return services.call(service, "GetVideoEncoderConfigurations", "").all("Configurations");
    }

    private static Optional<XmlNode> named(List<XmlNode> told, String token) {
        return told.stream()
                .filter(each -> each.attribute("token").equals(token))
                .findFirst();
    }

    private Optional<Encoder> encoder(Profiles.Encoder one, XmlNode told) throws DriverException {
        Optional<EncoderSettings> settings = form.settings(told);
        if (settings.isEmpty()) {
            return Optional.empty();
        }
        List<EncoderOptions> its = options.get(one.token());
        if (its == null) {
            its = form.options(
                    services.call(
                            service,
                            "GetVideoEncoderConfigurationOptions",
                            "<o:ConfigurationToken>" + SoapText.escaped(one.token()) + "</o:ConfigurationToken>"),
                    told);
            options.put(one.token(), its);
        }
        return Optional.of(
                new Encoder(one.token(), Profiles.shortened(told.text("Name")), one.streams(), settings.get(), its));
    }
}
