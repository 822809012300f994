package org.corestack.cli.mail;

import org.corestack.errors.CoreException;
import org.corestack.mail.MailAddress;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an option's value as one address. */
final class AddressConverter implements ITypeConverter<MailAddress> {
    @Override
    public MailAddress convert(String text) {
        try {
            return MailAddress.parse(text);
        } catch (CoreException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
