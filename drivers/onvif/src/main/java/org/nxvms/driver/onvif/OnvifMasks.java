// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.MaskSettings;
import org.nxvms.driver.spi.PrivacyMasks;
import org.nxvms.media.StreamRole;

/**
 * Privacy masks of main's video source, by Media2; Media has none. They belong to a configuration of the source: where sub is
 * of another one, and the device does not mask the source as a whole, sub is not masked, and that is told.
 */
final class OnvifMasks implements PrivacyMasks {
    private final Services services;
    private final String source;
    private final Set<StreamRole> streams;

    private OnvifMasks(Services services, String source, Set<StreamRole> streams) {
        this.services = services;
        this.source = source;
        this.streams = streams;
    }

    /** {@return the masks of a device that says that it has some} */
    static Optional<OnvifMasks> ask(Services services, Profiles profiles) throws DriverException {
        String source = profiles.main().sourceConfiguration();
        if (!profiles.media2() || source.isEmpty()) {
            return Optional.empty();
        }
        return services.findBeside(Service.MEDIA2, "GetServiceCapabilities", "")
                .flatMap(answer -> answer.find("Capabilities"))
                .filter(told -> MaskForm.isTrue(told.attribute("Mask")))
                .map(told -> {
                    boolean whole = MaskForm.isTrue(told.attribute("SourceMask"));
                    Set<StreamRole> streams = EnumSet.of(StreamRole.MAIN);
                    profiles.sub()
                            .filter(sub -> whole || sub.sourceConfiguration().equals(source))
                            .ifPresent(sub -> streams.add(StreamRole.SUB));
                    return new OnvifMasks(services, source, streams);
                });
    }

    @Override
    public Options options() throws DriverException {
        return options(askOptions());
    }

    private XmlNode askOptions() throws DriverException {
        XmlNode answer = services.call(Service.MEDIA2, "GetMaskOptions", ofSource());
        return answer.find("Options")
                .orElseThrow(() -> new DriverException(
                        Kind.PROTOCOL, "The camera says that it has privacy masks, and does not tell which."));
    }

    private Options options(XmlNode told) throws DriverException {
        return MaskForm.options(told, streams)
                .orElseThrow(() -> new DriverException(
                        Kind.UNSUPPORTED,
                        "The camera has no privacy masks of a kind that is known; set them up on its own page."));
    }

    private String ofSource() {
        return "<o:ConfigurationToken>" + SoapText.escaped(source) + "</o:ConfigurationToken>";
    }

    @Override
    public List<Mask> masks() throws DriverException {
        return told().stream()
                .flatMap(each -> MaskForm.mask(each).stream())
                .limit(MASKS_MAX)
                .toList();
    }

    /** Some devices tell of all their sources, whichever they are asked for. */
    private List<XmlNode> told() throws DriverException {
        return services.call(Service.MEDIA2, "GetMasks", ofSource()).all("Masks").stream()
                .filter(each -> each.text("ConfigurationToken").isEmpty()
                        || each.text("ConfigurationToken").equals(source))
                .collect(Collectors.toMap(
                        each -> each.attribute("token"), each -> each, (first, again) -> first, LinkedHashMap::new))
                .values()
                .stream()
                .toList();
    }

    @Override
    public Mask create(MaskSettings wanted) throws DriverException {
        XmlNode askedOptions = askOptions();
        Options options = options(askedOptions);
        options.check(wanted);
        List<XmlNode> before = told();
        if (before.size() >= options.masksMax()) {
            throw full(before, options.masksMax());
        }
        Set<String> known =
                before.stream().map(each -> each.attribute("token")).collect(Collectors.toUnmodifiableSet());
        String token = services.call(
                        Service.MEDIA2, "CreateMask", MaskForm.mask(Optional.empty(), source, wanted, askedOptions))
                .text("Token");
        List<XmlNode> fresh = told().stream()
                .filter(each -> !known.contains(each.attribute("token")))
                .toList();
        if (fresh.isEmpty()) {
            throw new DriverException(
                    Kind.CONFIG,
                    "The camera took the privacy mask and has none more than before: nothing is hidden. Set it up on the"
                            + " camera's own page.");
        }
        return fresh.stream()
                .filter(each -> each.attribute("token").equals(token))
                .findFirst()
                .or(() -> fresh.stream().findFirst())
                .flatMap(MaskForm::mask)
                .orElseThrow(() -> new DriverException(
                        Kind.PROTOCOL,
                        "The camera took the privacy mask and tells of it in a form that is not known. Look at its picture, or"
                                + " on its own page, whether it hides what it shall."));
    }

    /** Those in a form that is not known have places, too. */
    private static DriverException full(List<XmlNode> masks, int masksMax) {
        long unknown =
                masks.stream().filter(each -> MaskForm.mask(each).isEmpty()).count();
        return new DriverException(
                Kind.BUSY,
                "The camera has no place for another privacy mask: it has " + masks.size() + " of " + masksMax + "."
                        + (unknown == 0
                                ? " Remove one first."
                                : " Of " + unknown
                                        + " it tells in a form that is not known, so that they are not listed."
                                        + " Remove one first, those on the camera's own page."));
    }

    @Override
    public Mask change(String token, MaskSettings wanted) throws DriverException {
        XmlNode askedOptions = askOptions();
        XmlNode now = named(token).orElseThrow(() -> missing(token));
        MaskSettings before =
                MaskForm.mask(now).orElseThrow(() -> missing(token)).settings();
        options(askedOptions).check(wanted, before);
        services.call(Service.MEDIA2, "SetMask", MaskForm.mask(Optional.of(now), source, wanted, askedOptions));
        return named(token)
                .flatMap(MaskForm::mask)
                .orElseThrow(() -> new DriverException(
                        Kind.PROTOCOL,
                        "The camera took the change and no longer tells of the privacy mask '" + token + "'."));
    }

    @Override
    public void remove(String token) throws DriverException {
        if (named(token).isEmpty()) {
            throw missing(token);
        }
        services.call(Service.MEDIA2, "DeleteMask", "<o:Token>" + SoapText.escaped(token) + "</o:Token>");
        if (named(token).isPresent()) {
            throw new DriverException(
                    Kind.CONFIG,
                    "The camera says that it has removed the privacy mask '" + token
                            + "', and still has it. Remove it on the camera's own page.");
        }
    }

    private Optional<XmlNode> named(String token) throws DriverException {
        return told().stream()
                .filter(each -> each.attribute("token").equals(token))
                .findFirst();
    }

    private static DriverException missing(String token) {
        return new DriverException(Kind.NOT_FOUND, "The camera has no privacy mask '" + token + "'.");
    }
}
