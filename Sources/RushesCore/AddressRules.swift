/// Which addresses a webhook may be sent to: the public ones, and those that the operator lists.
///
/// A customer chooses the name and whoever owns the name chooses the address, so that without this rule a webhook would
/// be a way into the operator's own network.
package struct AddressRules: Hashable, Sendable {
    /// True when every address is allowed, for development.
    package let allowsPrivate: Bool
    /// Blocks that the operator allows although they are not public.
    package let allowedBlocks: [AddressBlock]

    /// Rules from their parts.
    package init(allowsPrivate: Bool = false, allowedBlocks: [AddressBlock] = []) {
        self.allowsPrivate = allowsPrivate
        self.allowedBlocks = allowedBlocks
    }

    /// True when a webhook may be sent to the address.
    package func allows(_ address: NetworkAddress) -> Bool {
        if allowsPrivate || allowedBlocks.contains(where: { $0.contains(address) }) { return true }
        return !Self.deniedBlocks.contains { $0.contains(address) }
    }

    /// Every block that is not public (IANA's registries of special-purpose addresses), and every one through which a
    /// version 4 address could be reached by a detour.
    package static let deniedBlocks: [AddressBlock] = [
        "0.0.0.0/8",  // this network; Linux takes 0.0.0.0 for itself
        "10.0.0.0/8",  // private
        "100.64.0.0/10",  // behind a carrier's NAT
        "127.0.0.0/8",  // loopback
        "169.254.0.0/16",  // link-local, with the metadata services of the clouds
        "172.16.0.0/12",  // private
        "192.0.0.0/24",  // protocol assignments
        "192.0.2.0/24",  // documentation
        "192.88.99.0/24",  // relays of 6to4
        "192.168.0.0/16",  // private
        "198.18.0.0/15",  // benchmarks
        "198.51.100.0/24",  // documentation
        "203.0.113.0/24",  // documentation
        "224.0.0.0/4",  // multicast
        "240.0.0.0/4",  // reserved, with broadcast
        // Of version 6 only 2000::/3 has been given out. What is left of it holds unspecified, loopback, addresses of
        // version 4 in four disguises (::/96, ::ffff:0:0:0/96, 64:ff9b::/96, 64:ff9b:1::/48) and discard (100::/64);
        // segment routing (5f00::/16); private (fc00::/7), link-local (fe80::/10), site-local (fec0::/10), multicast.
        "::/3", "4000::/2", "8000::/1",
        "2001::/23",  // protocol assignments, with Teredo
        "2001:db8::/32",  // documentation
        "2002::/16",  // 6to4: version 4 in disguise
        "3fff::/20",  // documentation
    ].map(block)

    private static func block(_ text: String) -> AddressBlock {
        guard let block = AddressBlock(text) else { preconditionFailure("\(text) is a block of addresses") }
        return block
    }
}
