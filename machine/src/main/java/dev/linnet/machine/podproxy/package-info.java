/** The HTTP proxy that each Pod has, through which it finds what cluster DNS would lead it to. Start reading at PodProxies. */
@NullMarked
package dev.linnet.machine.podproxy;

import org.jspecify.annotations.NullMarked;
