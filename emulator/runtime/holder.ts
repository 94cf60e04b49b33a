/**
 * The holder: one process for all VMs of an emulator. It owns the user namespace in which every VM's
 * namespaces are made, it is the first process of the process namespace around them, so that the kernel ends
 * them all when it ends, and it forwards connections into the VMs' network namespaces.
 */

/** Numbers of the `setns` system call by `process.arch`. */
export const SETNS_NUMBER: Readonly<Record<string, number>> = {
  x64: 308,
  arm64: 268,
  riscv64: 268,
  loong64: 268,
  arm: 375,
  ia32: 346,
  ppc64: 350,
  s390x: 339,
};

/**
 * Builds the root folder of the VMs and becomes the forwarder. Arguments: root folder, socket, setns number,
 * the forwarder, the root folder as a mount table writes it, and the
 * Node.js that the VMs find, also where its own folder is hidden from them.
 *
 * The VMs see this machine's folders, but `/root`, `/data`, `/uploads` and `/tmp` are theirs alone. Entries
 * that cannot be bound are left out.
 */
export const HOLDER_SCRIPT = `
set -e
root=$1
mount -t tmpfs -o mode=755 none "$root"
table="$root.mounts" shown=$5 links= folders= files=
: > "$table"
for entry in /* /.[!.]*; do
  name=\${entry#/}
  case $name in
    root|data|uploads|tmp|proc|jfs|lost+found|*[!A-Za-z0-9._+-]*) continue ;;
  esac
  if [ -L "$entry" ]; then links="$links $entry"
  elif [ -d "$entry" ]; then folders="$folders $name"; printf '%s\\n' "$entry $shown/$name none rbind 0 0" >> "$table"
  elif [ -f "$entry" ]; then files="$files $name"; printf '%s\\n' "$entry $shown/$name none bind 0 0" >> "$table"
  fi
done
[ -z "$links" ] || cp -P $links "$root/"
(cd "$root" && mkdir root data uploads tmp proc $folders && for file in $files; do : > "$file"; done)
mount -a -T "$table" 2>/dev/null || [ -e "$root/usr/bin" ] || { echo "cannot bind the folders of this machine" >&2; exit 1; }
mkdir -p "$root/.mags/bin"
: > "$root/.mags/bin/node"
mount --bind "$6" "$root/.mags/bin/node" 2>/dev/null || rm "$root/.mags/bin/node"
ulimit -n "$(ulimit -H -n)" 2>/dev/null || :
exec perl "$4" "$2" "$3"
`;

/**
 * The forwarder. A client connects to its socket and sends \`<pid> <port>\\n\`, the pid as the holder's process
 * namespace counts it; the answer is \`OK\\n\` and then the bytes of the connection, or \`NO <reason>\\n\`.
 * Ends when its standard input ends, that is, with the emulator, however that ends.
 */
export const FORWARDER_SCRIPT = String.raw`
use strict; use warnings; use Socket qw(:DEFAULT AF_INET6 pack_sockaddr_in6 inet_pton); use POSIX ();
my ($path, $setns) = @ARGV;
$SIG{PIPE} = 'IGNORE';
$SIG{CHLD} = sub { local ($!, $?); 1 while waitpid(-1, POSIX::WNOHANG()) > 0 };
my $CHUNK = 65536; my $HIGH = 1 << 20;
open(my $home, '<', '/proc/self/ns/net') or die "own network namespace: $!\n";
socket(my $server, AF_UNIX, SOCK_STREAM, 0) or die "socket: $!\n";
unlink $path;
bind($server, pack_sockaddr_un($path)) or die "bind: $!\n";
listen($server, 1024) or die "listen: $!\n";
nonblock($server);
# Proves that this machine lets us do what the whole mode rests on.
syscall($setns, fileno($home), 0x40000000) == 0 or die "setns: $!\n";
syswrite(STDOUT, "ready\n");
my %side;
sub nonblock {
  my ($fh) = @_;
  my $flags = fcntl($fh, 3, 0) || 0;
  fcntl($fh, 4, $flags | 2048);
  return;
}
sub drop {
  my ($fd) = @_;
  my $s = delete $side{$fd} or return;
  close($s->{fh});
  if (defined $s->{peer}) { drop($s->{peer}) }
  return;
}
# One end has closed its sending direction: pass that on once what it sent is written.
sub settle {
  my ($fd) = @_;
  my $s = $side{$fd} or return;
  my $p = defined $s->{peer} ? $side{$s->{peer}} : undef;
  return unless $p;
  if ($p->{ended} && $s->{out} eq '' && !$s->{shut}) { shutdown($s->{fh}, 1); $s->{shut} = 1; }
  if ($s->{ended} && $p->{ended} && $s->{out} eq '' && $p->{out} eq '') { drop($fd) }
  return;
}
sub refuse {
  my ($fd, $why) = @_;
  my $s = $side{$fd} or return;
  syswrite($s->{fh}, "NO $why\n");
  drop($fd);
  return;
}
sub dial {
  my ($fd, $family) = @_;
  my $s = $side{$fd};
  open(my $ns, '<', "/proc/$s->{pid}/ns/net") or return refuse($fd, "the VM is gone");
  if (syscall($setns, fileno($ns), 0x40000000) != 0) { return refuse($fd, "cannot enter the VM: $!") }
  my $ok = socket(my $up, $family, SOCK_STREAM, 0);
  my $why = "$!";
  syscall($setns, fileno($home), 0x40000000) == 0 or die "cannot come back: $!\n";
  close($ns);
  return refuse($fd, "socket: $why") unless $ok;
  nonblock($up);
  my $to = $family == AF_INET6 ? pack_sockaddr_in6($s->{port}, inet_pton(AF_INET6, '::1')) : pack_sockaddr_in($s->{port}, inet_aton('127.0.0.1'));
  connect($up, $to);
  $side{fileno($up)} = { fh => $up, out => '', peer => $fd, state => 'dialing', family => $family };
  $s->{peer} = fileno($up);
  return;
}
sub opened {
  my ($fd) = @_;
  my $s = $side{$fd};
  my $error = unpack('i', getsockopt($s->{fh}, SOL_SOCKET, SO_ERROR) || pack('i', 5));
  my $client = $s->{peer};
  if ($error) {
    delete $side{$fd};
    close($s->{fh});
    $side{$client}{peer} = undef;
    return dial($client, AF_INET6) if $s->{family} == AF_INET;
    return refuse($client, "refused");
  }
  $s->{state} = 'open';
  setsockopt($s->{fh}, 6, 1, 1);
  my $c = $side{$client};
  $c->{state} = 'open';
  $c->{out} = "OK\n";
  $s->{out} = $c->{first};
  $c->{first} = '';
  return settle($fd);
}
sub readable {
  my ($fd) = @_;
  my $s = $side{$fd};
  my $n = sysread($s->{fh}, my $data, $CHUNK);
  if (!defined $n) { return if $!{EAGAIN} || $!{EINTR}; return drop($fd) }
  if ($s->{state} eq 'asking') {
    return drop($fd) if $n == 0;
    $s->{first} .= $data;
    if ($s->{first} =~ s/^(\d+) (\d+)\n//) { @$s{qw(pid port state)} = ($1, $2, 'waiting'); return dial($fd, AF_INET) }
    return length($s->{first}) > 64 ? refuse($fd, "not understood") : undef;
  }
  if ($n == 0) { $s->{ended} = 1; return settle($s->{peer}) }
  if ($s->{state} eq 'waiting') { $s->{first} .= $data; return }
  $side{$s->{peer}}{out} .= $data;
  return;
}
sub writable {
  my ($fd) = @_;
  my $s = $side{$fd};
  return opened($fd) if $s->{state} eq 'dialing';
  my $n = syswrite($s->{fh}, $s->{out}, $CHUNK);
  if (!defined $n) { return if $!{EAGAIN} || $!{EINTR}; return drop($fd) }
  substr($s->{out}, 0, $n, '');
  settle($fd) if $s->{out} eq '';
  return;
}
while (1) {
  my ($rin, $win) = ('', '');
  vec($rin, 0, 1) = 1;
  vec($rin, fileno($server), 1) = 1;
  for my $fd (keys %side) {
    my $s = $side{$fd};
    if ($s->{state} eq 'dialing' || $s->{out} ne '') { vec($win, $fd, 1) = 1 }
    next if $s->{state} eq 'dialing' || $s->{ended};
    if ($s->{state} eq 'waiting') { vec($rin, $fd, 1) = 1 if length($s->{first}) < $HIGH; next }
    my $p = defined $s->{peer} ? $side{$s->{peer}} : undef;
    vec($rin, $fd, 1) = 1 if !$p || length($p->{out}) < $HIGH;
  }
  my $n = select(my $r = $rin, my $w = $win, undef, undef);
  next if $n < 1;
  if (vec($r, 0, 1)) { my $got = sysread(STDIN, my $ignored, 64); exit 0 if defined $got && $got == 0 }
  if (vec($r, fileno($server), 1)) {
    while (accept(my $client, $server)) {
      nonblock($client);
      $side{fileno($client)} = { fh => $client, out => '', first => '', state => 'asking' };
    }
  }
  for my $fd (keys %side) { writable($fd) if exists $side{$fd} && vec($w, $fd, 1) }
  for my $fd (keys %side) { readable($fd) if exists $side{$fd} && vec($r, $fd, 1) }
}
`;

/**
 * Makes one VM. Arguments: root folder of the VMs, folder of this VM, size of /data in GB, folder to hide,
 * `own` for a network of its own, folder of these scripts, and
 * the first two as a mount table writes them. Becomes the VM's first process.
 */
export const MACHINE_SCRIPT = `
set -e
root=$1 vm=$2 gb=$3 hide=$4 net=$5 run=$6
cat > "$vm/mounts" <<END
$8/root $7/root none bind 0 0
$8/tmp $7/tmp none bind 0 0
$8/uploads $7/uploads none bind 0 0
none $7/data tmpfs mode=755,size=\${gb}G 0 0
proc $7/proc proc defaults 0 0
END
mount -a -T "$vm/mounts"
mkdir -m 700 "$root/data/lost+found"
# Last: the paths above lie in the folder that is hidden here.
if [ -d "$root$hide" ]; then mount -t tmpfs -o mode=700 none "$root$hide"; fi
if [ "$net" = own ]; then
  ip link set lo up 2>/dev/null || ifconfig lo 127.0.0.1 up 2>/dev/null ||
    perl -e 'socket(S,2,2,0)||die; ioctl(S,0x8914,pack("a16sx22","lo",0x49))||die $!'
fi
exec 9< "$run/init.sh"
exec chroot "$root" /bin/sh /proc/self/fd/9
`;

/** The first process of a VM: says `ready`, and then keeps the VM up, collecting its orphans. */
export const INIT_SCRIPT = `
exec 9<&-
cd /
(echo mags-vm > /proc/sys/kernel/hostname) 2>/dev/null || :
echo ready
while :; do sleep 3600 </dev/null >/dev/null 2>&1 & wait $!; done
`;
