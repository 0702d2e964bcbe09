/** Programs that runbooks call. A list, because "find the cause" and "find /var -size +1G" differ in nothing else. */
const programs = new Set(
  `kubectl helm kustomize kind k9s minikube oc eksctl kops kubeadm crictl ctr istioctl linkerd argocd flux velero etcdctl
  docker podman nerdctl docker-compose skopeo buildah
  aws gcloud gsutil bq az doctl ibmcloud oci linode-cli fly heroku
  terraform tofu terragrunt pulumi ansible ansible-playbook packer vault consul nomad chef-client puppet salt
  psql pg_dump pg_restore pg_isready pg_ctl pg_basebackup pg_rewind pg_waldump pg_dumpall pg_controldata pg_checksums
  patroni patronictl repmgr pgbackrest barman wal-g pgbench createdb dropdb vacuumdb reindexdb pgbouncer
  mysql mysqldump mysqladmin mariadb mongo mongosh mongodump mongorestore redis-cli redis-server memcached sqlite3
  cqlsh nodetool clickhouse-client influx kafka-topics kafka-topics.sh kafka-consumer-groups rabbitmqctl rabbitmq-admin nats
  curl wget http httpie grpcurl ab hey k6 vegeta siege dig nslookup host ping ping6 traceroute tracepath mtr nc ncat telnet
  openssl ssh scp sftp rsync ssh-keygen certbot step cfssl
  systemctl journalctl service supervisorctl launchctl initctl sysctl systemd-analyze loginctl
  sudo su env nohup timeout time watch xargs nice exec eval source export set unset cd pushd popd pwd echo printf test
  ls cat head tail less grep egrep fgrep zgrep sed awk cut sort uniq wc tr tee find locate stat file du df mount umount
  lsblk fdisk mkfs fsck ps top htop kill killall pkill pgrep free vmstat iostat sar uptime dmesg lsof strace netstat ss ip
  ifconfig route iptables nft ufw firewall-cmd tcpdump ethtool hostname date sleep cp mv rm mkdir rmdir touch ln chmod chown
  tar gzip gunzip zip unzip xz dd jq yq base64 sha256sum md5sum diff patch which whoami id groups useradd usermod passwd
  crontab at git gh glab hub svn make npm npx yarn pnpm node deno bun python python3 pip pip3 pipenv poetry uv ruby bundle
  rails rake php composer java javac mvn gradle go cargo rustc dotnet perl bash sh zsh pwsh
  apt apt-get dpkg yum dnf rpm zypper apk pacman brew snap haproxy nginx apachectl caddy traefik envoy keepalived ceph rados
  rbd zfs zpool lvs vgs pvs mdadm drbdadm pcs crm promtool amtool logcli mimirtool thanos alertmanager prometheus grafana-cli
  pagerduty pd opsgenie sentry-cli newrelic datadog-agent restore-manager restic borg rclone gpg`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

const keywords = new Set(['if', 'for', 'while', 'until', 'case', 'function', '{', '(', '[', '[[', '!']);

/** Words that make a sentence of what begins like a command ("test the failover", "time is short"). */
const proseWords =
  /(?:^|\s)(?:the|a|an|is|are|was|and|or|to|that|this|if|when|your|our|all|any|with|as|by|be|not|from|of)(?=\s|[.,;:]|$)/i;
const shellMarks = /(?:^|\s)-{1,2}[a-z0-9]|[/=|<>$"'@_]|\.\w|\d/i;

/** The program that a command calls, past `sudo`, `env` and variable assignments; null when it begins with none. */
export function programOf(command: string): string | null {
  const words = command.trim().split(/\s+/, 12);
  for (const word of words) {
    if (/^\w+=/.test(word) || word === 'sudo' || word === 'env' || word.startsWith('-')) continue;
    return word;
  }
  return words.includes('sudo') ? 'sudo' : null;
}

/** Whether a line that carries no prompt and stands in no shell fence is a command rather than words. */
export function looksLikeCommand(text: string): boolean {
  const line = text.trim().slice(0, 2000);
  const program = programOf(line);
  if (program === null || line.endsWith(':')) return false;
  if (/^\.{0,2}\/[\w.-]+(?:\/[\w.-]+)*$/.test(program)) return program.includes('.') || line.includes(' ');
  if (!programs.has(program)) return false;
  const rest = line.slice(line.indexOf(program) + program.length);
  if (rest.trim() === '') return false;
  if (/\s--?[a-z]/i.test(rest)) return true;
  return !proseWords.test(rest) && (shellMarks.test(rest) || rest.trim().split(/\s+/).length <= 4);
}

/** Whether a line of a fence without a language could stand in a script. */
export function looksLikeScript(line: string): boolean {
  const first = line.trim().split(/\s+/, 1)[0] ?? '';
  return /^\w+=\S/.test(first) || keywords.has(first) || programs.has(line.trim()) || looksLikeCommand(line);
}
