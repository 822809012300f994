/** The command line. It exports nothing: it is run, not called. */
module org.corestack.cli {
    requires com.ibm.icu;
    requires info.picocli;
    requires org.corestack.core;
    requires tools.jackson.databind;
    requires tools.jackson.dataformat.csv;
    requires static transitive org.jspecify;

    opens org.corestack.cli to
            info.picocli;
}
