/** The command line. It exports nothing: it is run, not called. */
module org.corestack.cli {
    requires com.ibm.icu;
    requires info.picocli;
    requires org.corestack.core;
    requires org.corestack.mail;
    requires tools.jackson.databind;
    requires tools.jackson.dataformat.csv;
    requires static transitive org.jspecify;

    opens org.corestack.cli to
            info.picocli;
    opens org.corestack.cli.demo to
            info.picocli;
    opens org.corestack.cli.mail to
            info.picocli;
    opens org.corestack.cli.replicate to
            info.picocli;
    // Jackson writes and reads their records.
    opens org.corestack.cli.demo.register to
            org.corestack.core,
            tools.jackson.databind;
    opens org.corestack.cli.demo.replica to
            info.picocli,
            tools.jackson.databind;
}
